using System.CommandLine;
using System.Globalization;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Load;

/// <summary><c>spamguard load</c>: bounded load, on loopback or on a server that is named on purpose.</summary>
internal sealed class LoadCommand : Command
{
    private static readonly Dictionary<string, EventKind?> Kinds = new(StringComparer.Ordinal) { ["sign-up"] = EventKind.SignUp, ["message"] = EventKind.Message, ["both"] = null };
    private static readonly TimeSpan ByDefault = TimeSpan.FromSeconds(10);

    private readonly Option<int> _rate = WholeOption.New("--rate", "N", 100, 1, 20_000, "How many calls begin a second.");
    private readonly Option<TimeSpan?> _duration = Durations.Limit("--duration", "For how long calls begin, up to 5m. [default: 10s]", TimeSpan.FromMinutes(5));
    private readonly Option<int> _count = WholeOption.New("--count", "N", 1_000_000, 1, 1_000_000, "How many calls are made at most.");
    private readonly Option<int> _concurrency = WholeOption.New("--concurrency", "N", 64, 1, 1000, "How many calls are under way at once at most.");
    private readonly Option<int> _addresses = WholeOption.New("--addresses", "N", 1000, 1, 100_000, "How many addresses the events come from, all of documentation ranges.");
    private readonly Option<int> _seed = WholeOption.New("--seed", "N", 1, 0, int.MaxValue, "The addresses and their order follow from it.");
    private readonly Option<TimeSpan?> _deadline = Durations.Limit("--deadline", "How long a call may take, from when it was to begin, up to 1m. [default: 1s]", TimeSpan.FromMinutes(1));
    private readonly Option<string> _kind = new("--kind") { Description = "What the events are.", HelpName = string.Join('|', Kinds.Keys), DefaultValueFactory = static _ => "both" };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do it to a --server that is not on loopback." };
    private readonly Terminal _terminal;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public LoadCommand(Terminal terminal)
        : base("load", "Scores made-up events at a steady rate, and prints verdicts, errors, latencies and how often as long as an empty health call the median took. Calls begin by the clock, and latency counts from when a call was to begin: a stall shows in every call that it delays. The events count in the store of that server. Ctrl-C stops it, and prints what there is.")
    {
        _terminal = terminal;
        _kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        foreach (var option in (Option[])[_rate, _duration, _count, _concurrency, _addresses, _seed, _kind, _deadline, _yes])
        {
            Add(option);
        }

        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (_call.TargetOrSay(parsed) is not { } target)
        {
            return ExitCodes.Usage;
        }

        if (!target.Url.IsLoopback && !(_call.IsNamed(parsed) && parsed.GetValue(_yes)))
        {
            target.Handler.Dispose();
            _terminal.Say("Nothing was done. That server is not on loopback: load goes there only where --server names it and --yes is given. Its store counts the events, and its other callers wait.");
            return ExitCodes.Usage;
        }

        var plan = new LoadPlan(
            parsed.GetValue(_rate),
            parsed.GetValue(_duration) ?? ByDefault,
            parsed.GetValue(_count),
            parsed.GetValue(_concurrency),
            parsed.GetValue(_addresses),
            Kinds[parsed.GetRequiredValue(_kind)],
            parsed.GetValue(_seed),
            parsed.GetValue(_deadline) ?? TimeSpan.FromSeconds(1));
        _terminal.Announce(string.Create(
            CultureInfo.InvariantCulture, $"Up to {plan.Calls} events, of addresses that nobody has, count in the store of {target.Url.GetLeftPart(UriPartial.Authority)}, {plan.Rate} a second."));
        return await _call.ConnectAsync(target, connection => LoadAsync(plan, connection, parsed, cancellationToken), cancellationToken);
    }

    private async Task<int> LoadAsync(LoadPlan plan, Connection connection, ParseResult parsed, CancellationToken cancellationToken)
    {
        var run = new LoadRun(plan, connection, TimeProvider.System);
        var report = await _terminal.WithBarAsync("load", moved => run.RunAsync(moved, cancellationToken));
        if (_call.IsJson(parsed))
        {
            _terminal.Output.WriteLine(report.ToJson());
        }
        else
        {
            foreach (var table in report.Tables())
            {
                _terminal.Write(table);
            }
        }

        if (report.Interrupted)
        {
            _terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Interrupted: {report.Calls} of {plan.Calls} calls were begun, and what they came to is printed."));
            return ExitCodes.Interrupted;
        }

        if (report.Answered > 0 || run.Failure is not { } failure)
        {
            return ExitCodes.Ok;
        }

        CallFailure.Tell(failure, connection.Server, _terminal);
        return CallFailure.ExitCode(failure);
    }
}
