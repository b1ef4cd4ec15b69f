using System.CommandLine;
using System.CommandLine.Parsing;
using Google.Protobuf.WellKnownTypes;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Replay;
using SpamGuard.V1;

namespace SpamGuard.Cli.Overrides;

/// <summary><c>spamguard override set --yes</c>: says what the verdict is.</summary>
internal sealed class OverrideSetCommand : Command
{
    private static readonly Dictionary<string, Verdict> Verdicts = new(StringComparer.Ordinal)
    {
        ["allow"] = Verdict.Allow,
        ["challenge"] = Verdict.Challenge,
        ["throttle"] = Verdict.Throttle,
        ["deny"] = Verdict.Deny,
    };

    private readonly Option<string> _verdict = new("--verdict") { Description = "What every event of it gets.", HelpName = string.Join('|', Verdicts.Keys), Required = true };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, without any address, in at most 512 bytes: it is written down.", HelpName = "TEXT", Required = true };
    private readonly Option<TimeSpan?> _ttl = Durations.Option("--ttl", "How long from now, such as 2h: at most until what is known of it is gone, which the error tells.");
    private readonly Option<DateTimeOffset?> _until = new("--until")
    {
        Description = "Until when, instead of --ttl.",
        HelpName = "TIME",
        CustomParser = static result =>
        {
            if (!MailTime.TryParse(result.Tokens[0].Value, out var time))
            {
                result.AddError($"--until is a time as in {MailTime.Form}.");
            }

            return time;
        },
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Do it. Without, say what it would do." };
    private readonly Terminal _terminal;
    private readonly OverrideTarget _target;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public OverrideSetCommand(Terminal terminal)
        : base("set", "Says what the verdict is from now on, everywhere within two seconds, and prints the id to take it back by. What was said of it before is replaced.")
    {
        _terminal = terminal;
        _verdict.AcceptOnlyFromAmong([.. Verdicts.Keys]);
        Add(_verdict);
        Add(_reason);
        Add(_ttl);
        Add(_until);
        Add(_yes);
        Validators.Add(Check);
        _target = new OverrideTarget(this, terminal);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new OverrideServiceSetRequest { Verdict = Verdicts[parsed.GetRequiredValue(_verdict)], Reason = parsed.GetRequiredValue(_reason) };
        if (parsed.GetValue(_until) is { } until)
        {
            request.ExpireTime = until.ToTimestamp();
        }
        else
        {
            request.Ttl = parsed.GetValue(_ttl)!.Value.ToDuration();
        }

        if (!await _target.ReadAsync(parsed, request, cancellationToken))
        {
            return ExitCodes.Usage;
        }

        if (!parsed.GetValue(_yes))
        {
            _terminal.Say($"Nothing was done. With --yes every event of it gets {CallText.Of(request.Verdict)}, whatever the model says, until the stated time.");
            return ExitCodes.Usage;
        }

        return await _call.RunAsync(
            parsed,
            (invoker, options) => new OverrideService.OverrideServiceClient(invoker).SetAsync(request, options),
            OverrideText.Tables,
            static _ => ExitCodes.Ok,
            cancellationToken);
    }

    private void Check(CommandResult result)
    {
        if ((result.GetResult(_ttl) is null) == (result.GetResult(_until) is null))
        {
            result.AddError("Name either --ttl or --until: nothing is said for ever.");
        }
    }
}
