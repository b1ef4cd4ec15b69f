using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli;

/// <summary><c>spamguard score IP</c>: counts an event and prints how likely it is spam.</summary>
internal sealed class ScoreCommand : Command
{
    private readonly Argument<string> _address = new("IP") { Description = "Where the event comes from." };

    private readonly Option<string?> _requestId = new("--request-id")
    {
        Description = "A UUID that names the event: when it is sent again within a minute, nothing is counted twice.", HelpName = "UUID",
    };

    private readonly Option<bool> _exitCode = new("--exit-code") { Description = $"Exit with {ExitCodes.Denied} where the verdict is DENY." };
    private readonly EventOptions _event;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public ScoreCommand(Terminal terminal)
        : base("score", "Counts an event and prints how likely it is spam.")
    {
        Add(_address);
        _event = new EventOptions(this);
        Add(_requestId);
        Add(_exitCode);
        _call = new ServerCall(this, terminal);
        _requestId.Validators.Add(static result =>
        {
            if (!Guid.TryParseExact(result.GetValueOrDefault<string?>(), "D", out var id) || id == Guid.Empty)
            {
                result.AddError("--request-id is a UUID of 36 characters, not all zeros.");
            }
        });
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new ScoreRequest
        {
            Event = _event.Read(parsed, parsed.GetRequiredValue(_address)),
            RequestId = parsed.GetValue(_requestId) ?? string.Empty,
        };
        return _call.RunAsync(
            parsed,
            (invoker, options) => new ScoringService.ScoringServiceClient(invoker).ScoreAsync(request, options),
            static response => CallText.Tables(response.Assessment),
            response => parsed.GetValue(_exitCode) && response.Assessment.Verdict == Verdict.Deny ? ExitCodes.Denied : ExitCodes.Ok,
            cancellationToken);
    }
}
