using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli;

/// <summary><c>spamguard preview IP</c> or <c>preview --token TOKEN</c>: what <c>score</c> would print; nothing is counted.</summary>
internal sealed class PreviewCommand : Command
{
    private readonly Argument<string?> _address = new("IP") { Description = "Where the event would come from.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _token = new("--token") { Description = "Instead of IP: the token of an earlier decision, to be judged by what is known now." };
    private readonly Option<bool> _exitCode = new("--exit-code") { Description = $"Exit with {ExitCodes.Denied} where the verdict is DENY." };
    private readonly EventOptions _event;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public PreviewCommand(Terminal terminal)
        : base("preview", "Prints what score would, and counts nothing.")
    {
        Add(_address);
        Add(_token);
        _event = new EventOptions(this, HasAddress);
        Add(_exitCode);
        _call = new ServerCall(this, terminal);
        Validators.Add(result =>
        {
            if (HasAddress(result) == result.GetValue(_token) is not null)
            {
                result.AddError("Name either IP or --token.");
            }
        });
        SetAction(RunAsync);
    }

    private bool HasAddress(CommandResult result) => result.GetValue(_address) is not null;

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = parsed.GetValue(_token) is { } token
            ? new PreviewRequest { DecisionToken = token }
            : new PreviewRequest { Event = _event.Read(parsed, parsed.GetValue(_address)!) };
        return _call.RunAsync(
            parsed,
            (invoker, options) => new ScoringService.ScoringServiceClient(invoker).PreviewAsync(request, options),
            static response => CallText.Tables(response.Assessment),
            response => parsed.GetValue(_exitCode) && response.Assessment.Verdict == Verdict.Deny ? ExitCodes.Denied : ExitCodes.Ok,
            cancellationToken);
    }
}
