using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli;

/// <summary><c>spamguard report TOKEN|IP --label LABEL</c>: what became of an event.</summary>
internal sealed class ReportCommand : Command
{
    private static readonly Dictionary<string, OutcomeLabel> Labels = new(StringComparer.Ordinal)
    {
        ["spam"] = OutcomeLabel.Spam,
        ["legitimate"] = OutcomeLabel.Legitimate,
        ["challenge-passed"] = OutcomeLabel.ChallengePassed,
        ["challenge-failed"] = OutcomeLabel.ChallengeFailed,
    };

    private readonly Argument<string> _target = new("TOKEN|IP") { Description = "The decision_token of the answer, which is better, or the event's address." };
    private readonly Option<string> _label = new("--label") { Description = "What became of it.", HelpName = string.Join('|', Labels.Keys), Required = true };
    private readonly Option<string?> _reporter = new("--reporter") { Description = "Digest of the person who complains, never of a service." };
    private readonly EventOptions _event;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public ReportCommand(Terminal terminal)
        : base("report", "Reports what became of an event.")
    {
        _label.AcceptOnlyFromAmong([.. Labels.Keys]);
        Add(_target);
        Add(_label);
        Add(_reporter);
        _event = new EventOptions(this, result => IsAddress(result.GetValue(_target)));
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = parsed.GetRequiredValue(_target);
        var request = new ReportOutcomeRequest { Label = Labels[parsed.GetRequiredValue(_label)], Reporter = parsed.GetValue(_reporter) ?? string.Empty };
        if (IsAddress(target))
        {
            request.Event = _event.Read(parsed, target);
        }
        else
        {
            request.DecisionToken = target;
        }

        return _call.RunAsync(
            parsed,
            (invoker, options) => new FeedbackService.FeedbackServiceClient(invoker).ReportOutcomeAsync(request, options),
            Tables,
            static response => response.Result == ReportResult.StateExpired ? ExitCodes.NotFound : ExitCodes.Ok,
            cancellationToken);
    }

    private static IEnumerable<TextTable> Tables(ReportOutcomeResponse response) =>
        [new TextTable(["field", "value"], [["applied", response.Applied ? "true" : "false"], ["result", CallText.Of(response.Result)]])];

    // Every address has a dot or a colon, and no token has one: a mistyped address is refused as an address.
    private static bool IsAddress(string? target) => target.AsSpan().ContainsAny('.', ':');
}
