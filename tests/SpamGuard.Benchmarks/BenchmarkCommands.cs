using System.CommandLine;
using SpamGuard.Benchmarks.Client;
using SpamGuard.Benchmarks.Expiry;
using SpamGuard.Benchmarks.Ledger;
using SpamGuard.Benchmarks.Outage;
using SpamGuard.Benchmarks.Ratios;
using SpamGuard.Benchmarks.Reidentification;
using SpamGuard.Benchmarks.Replay;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Retention;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.Desk.Audit;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Benchmarks;

/// <summary>The verbs. <c>serve</c> is for the benchmarks themselves: the server is a process of its own, and this program is its host.</summary>
internal static class BenchmarkCommands
{
    private const int DefaultRounds = 5;
    private const int MostRounds = 25;
    private static readonly TimeSpan TimeToTidyUp = TimeSpan.FromSeconds(15);

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures SpamGuard against what it must reach.") { Ratios(), Replay(), Outage(), Client(), Reidentify(), Audit(), Expiry(), Ledger(), Serve() };
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeToTidyUp });
    }

    private static Command Ratios()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON and no table." };
        var quick = new Option<bool>("--quick") { Description = "Shorter sides and fewer subjects: to see that it runs, not to judge by." };
        var rounds = new Option<int>("--rounds") { Description = "How often the sides of each ratio are interleaved.", DefaultValueFactory = static _ => DefaultRounds };
        rounds.Validators.Add(result =>
        {
            if (result.GetValue(rounds) is < 1 or > MostRounds)
            {
                result.AddError($"--rounds takes 1 to {MostRounds}.");
            }
        });
        var command = new Command("ratios", "Prints ratios measured in one run and their floors. Starts a Redis and a server on 127.0.0.1 and stops them.") { json, rounds, quick };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = RatioPlan.For(parsed.GetValue(rounds), parsed.GetValue(quick));
            try
            {
                var report = await RatioRun.RunAsync(plan, parsed.GetValue(json) ? TextWriter.Null : Console.Error, cancellationToken);
                await Console.Out.WriteLineAsync(parsed.GetValue(json) ? report.ToJson() : report.ToText());
                return report.ExitCode;
            }
            catch (Exception e) when (e is BenchmarkException or OperationCanceledException)
            {
                await Console.Error.WriteLineAsync(e is BenchmarkException ? e.Message : "Stopped before the end; what was started is stopped too.");
                return RatioReport.Failed;
            }
        });
        return command;
    }

    private static Command Replay()
    {
        var events = new Option<long>("--events") { Description = "How many events the longest replay has.", DefaultValueFactory = static _ => ReplayBenchmark.DefaultEvents };
        events.Validators.Add(result =>
        {
            if (result.GetValue(events) is < ReplayBenchmark.FewestEvents or > ReplayBenchmark.MostEvents)
            {
                result.AddError($"--events takes {ReplayBenchmark.FewestEvents} to {ReplayBenchmark.MostEvents}.");
            }
        });
        var command = new Command("replay", "Replays a tenth, a half and all of so many synthetic events on one thread, and prints how fast, and what was held.") { events };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(ReplayBenchmark.Run(parsed.GetValue(events), Console.Out, cancellationToken)));
        return command;
    }

    private static Command Outage()
    {
        var budget = new Option<int>("--budget") { Description = "The budget of a call to the store, in milliseconds.", DefaultValueFactory = static _ => (int)OutageRun.DefaultBudget.TotalMilliseconds };
        budget.Validators.Add(result =>
        {
            var allowed = (Shortest: SignalStoreOptions.ShortestBudget.TotalMilliseconds, Longest: SignalStoreOptions.LongestBudget.TotalMilliseconds);
            if (result.GetValue(budget) < allowed.Shortest || result.GetValue(budget) > allowed.Longest)
            {
                result.AddError($"--budget takes {allowed.Shortest} to {allowed.Longest}.");
            }
        });
        var command = new Command(
            "outage", "Stops, freezes and slows the store of a server under calls, and prints how they were answered. Fails where a call was not, or the store is not used again in time.") { budget };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = await OutageRun.RunAsync(TimeSpan.FromMilliseconds(parsed.GetValue(budget)), Console.Error, cancellationToken);
            await Console.Out.WriteLineAsync(report.ToText());
            return report.ExitCode;
        });
        return command;
    }

    private static Command Client()
    {
        var timeout = new Option<int>("--timeout") { Description = "The client's deadline, in milliseconds.", DefaultValueFactory = static _ => 50 };
        timeout.Validators.Add(result =>
        {
            if (result.GetValue(timeout) is < 1 or > 10_000)
            {
                result.AddError("--timeout takes 1 to 10000.");
            }
        });
        var command = new Command("client", "Kills, freezes, slows and moves the service under the calls of an application, and prints what verdicts it got and when. Fails where more than one in a hundred came later than the deadline and a fifth, or the service is not asked again.") { timeout };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = await ClientRun.RunAsync(TimeSpan.FromMilliseconds(parsed.GetValue(timeout)), Console.Error, cancellationToken);
            await Console.Out.WriteLineAsync(report.ToText());
            return report.ExitCode;
        });
        return command;
    }

    private static Command Reidentify()
    {
        var bits = new Option<int>("--bits")
        {
            Description = "Tries 2 to the power of so many addresses.", DefaultValueFactory = static _ => ReidentificationBenchmark.DefaultBits,
        };
        bits.Validators.Add(result =>
        {
            if (result.GetValue(bits) is < ReidentificationBenchmark.FewestBits or > ReidentificationBenchmark.MostBits)
            {
                result.AddError($"--bits takes {ReidentificationBenchmark.FewestBits} to {ReidentificationBenchmark.MostBits}.");
            }
        });
        var command = new Command(
            "reidentify", "Tries a block of addresses against the tokens of a dump, with and without pepper and salts, and prints what was found and what all of IPv4 would cost.") { bits };
        command.SetAction((parsed, cancellationToken) =>
            Task.FromResult(ReidentificationBenchmark.Run(parsed.GetValue(bits), Console.Out, cancellationToken)));
        return command;
    }

    private static Command Audit()
    {
        const int mostKeys = 2_000_000;
        var keys = new Option<int>("--keys") { Description = "How many keys the store holds.", DefaultValueFactory = static _ => AuditRun.DefaultKeys };
        keys.Validators.Add(result =>
        {
            if (result.GetValue(keys) is < 1000 or > mostKeys)
            {
                result.AddError($"--keys takes 1000 to {mostKeys}.");
            }
        });
        var command = new Command("audit", "Walks a store as the retention auditor does, and prints how long a million keys take and what PING waits meanwhile.") { keys };
        command.SetAction((parsed, cancellationToken) =>
            AuditRun.RunAsync(parsed.GetValue(keys), DefaultRounds, AuditOptions.DefaultKeysPerSecond, Console.Out, cancellationToken));
        return command;
    }

    private static Command Expiry()
    {
        var keys = new Option<int>("--keys") { Description = "How many records die, each way.", DefaultValueFactory = static _ => ExpiryRun.DefaultKeys };
        keys.Validators.Add(result =>
        {
            if (result.GetValue(keys) is < ExpiryRun.FewestKeys or > ExpiryRun.MostKeys)
            {
                result.AddError($"--keys takes {ExpiryRun.FewestKeys} to {ExpiryRun.MostKeys}.");
            }
        });
        var command = new Command("expiry", "Lets very many records of a Redis die, each at its own deadline and then all at once, and prints how long a PING takes meanwhile.") { keys };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var report = await ExpiryRun.RunAsync(parsed.GetValue(keys), Console.Error, cancellationToken);
            await Console.Out.WriteLineAsync(report.ToText());
            return report.ExitCode;
        });
        return command;
    }

    private static Command Ledger()
    {
        var entries = new Option<int>("--entries") { Description = "How many entries the ledger has that is opened and verified.", DefaultValueFactory = static _ => LedgerRun.DefaultEntries };
        var folder = new Option<string?>("--folder") { Description = "Where the ledgers are: the disk matters. [default: the system's folder for temporary files]" };
        entries.Validators.Add(result =>
        {
            if (result.GetValue(entries) is < LedgerRun.FewestEntries or > LedgerRun.MostEntries)
            {
                result.AddError($"--entries takes {LedgerRun.FewestEntries} to {LedgerRun.MostEntries}.");
            }
        });
        var command = new Command("ledger", "Enters acts in a ledger beside a bare loop that writes the same bytes, opens and verifies a long one, and prints the ratios.") { entries, folder };
        command.SetAction((parsed, cancellationToken) =>
            LedgerRun.RunAsync(parsed.GetValue(entries), DefaultRounds, parsed.GetValue(folder) ?? Path.GetTempPath(), Console.Out, cancellationToken));
        return command;
    }

    private static Command Serve()
    {
        var command = new Command("serve", "The server under test, until its standard input ends.") { Hidden = true };
        command.SetAction(static (_, cancellationToken) => BenchmarkHost.RunAsync(cancellationToken));
        return command;
    }
}
