using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli;

/// <summary><c>spamguard explain TOKEN</c>: what was decided and why, from the decision token alone.</summary>
internal sealed class ExplainCommand : Command
{
    private readonly Argument<string> _token = new("TOKEN") { Description = "The decision_token of an answer." };
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public ExplainCommand(Terminal terminal)
        : base("explain", "Prints what was decided and why, from the decision token alone.")
    {
        Add(_token);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new ExplainRequest { DecisionToken = parsed.GetRequiredValue(_token) };
        return _call.RunAsync(
            parsed,
            (invoker, options) => new ScoringService.ScoringServiceClient(invoker).ExplainAsync(request, options),
            Tables,
            static _ => ExitCodes.Ok,
            cancellationToken);
    }

    private static IEnumerable<TextTable> Tables(ExplainResponse response) =>
    [
        new TextTable(
            ["field", "value"],
            [
                ["decision_time", CallText.Of(response.DecisionTime)],
                ["kind", CallText.Of(response.Kind)],
                ["verdict", CallText.Of(response.Verdict)],
                ["spam_probability", CallText.Of(response.SpamProbability)],
                ["policy_revision", response.PolicyRevision],
            ]),
        CallText.Reasons(response.Reasons),
    ];
}
