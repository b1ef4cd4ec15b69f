using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using SpamGuard.Promise.Clauses;
using SpamGuard.Promise.Report;
using SpamGuard.Promise.Sabotages;
using SpamGuard.Promise.World;
using SpamGuard.Testing;

namespace SpamGuard.Promise;

/// <summary>The program: walks the promise on a service that it starts, clause by clause.</summary>
internal static class PromiseCommand
{
    private const string AllSabotages = "all";

    /// <summary>Half of a walk is waiting, for a process to start or a refresh to come.</summary>
    private const int WalksAtATime = 8;

    /// <summary>Sabotages of different clauses in one walk: more, and what one breaks is in the way of showing another.</summary>
    private const int SabotagesAtATime = 8;

    private static readonly TimeSpan TimeToTidyUp = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions SnakeCase = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<int> RunAsync(string[] args)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object, names in snake_case." };
        var list = new Option<bool>("--list") { Description = "Print the clauses and the sabotages, and start nothing." };
        var sabotage = new Option<string?>("--sabotage") { Description = "Break one thing for real, or all: several of different clauses in a walk, and each that is not told apart alone.", HelpName = "NAME|all" };
        var whole = new Option<bool>("--whole") { Description = "Under a sabotage, wait as long for the clauses that it must leave alone as for its own: a minute more a walk. With all, each has a walk to itself." };
        sabotage.Validators.Add(result =>
        {
            if (result.GetValue(sabotage) is { } name && name != AllSabotages && Find(name) is null)
            {
                result.AddError($"--sabotage is '{name}'; allowed are {AllSabotages}, {string.Join(", ", SabotageCatalog.All.Select(static known => known.Name))}.");
            }
        });
        var root = new RootCommand(
            "Walks every clause of the promise on a service and a Redis that it starts on 127.0.0.1, and prints clause, evidence and PASS or FAIL. "
            + "Exit codes: 0 every clause holds (with --sabotage all: every sabotage failed its own clause only), 1 not so, 2 usage, 5 could not be started, 130 interrupted.")
        {
            json, list, sabotage, whole,
        };
        root.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(json), parsed.GetValue(list), parsed.GetValue(sabotage), parsed.GetValue(whole), cancellationToken));
        var command = root.Parse(args);
        var code = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeToTidyUp });
        return command.Errors.Count > 0 ? ExitCodes.Usage : code;
    }

    private static async Task<int> RunAsync(bool json, bool list, string? sabotage, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            if (list)
            {
                return List(json);
            }

            NeedRedis();
            NeedTrace();
            return sabotage == AllSabotages ? await AllAsync(json, isWhole, cancellationToken) : await OneAsync(json, sabotage is null ? null : Find(sabotage), isWhole, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped before the end; what was started is stopped too.");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is PromiseException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Unavailable;
        }
    }

    private static void NeedRedis()
    {
        try
        {
            RedisProcess.Executable("redis-server");
        }
        catch (InvalidOperationException e)
        {
            throw new PromiseException(e.Message, e);
        }
    }

    private static void NeedTrace()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, SyncTrace.Program))))
        {
            throw new PromiseException(
                $"{SyncTrace.Program} is not in PATH, and a walk looks through it at what the desk asks the disk for. Debian and Ubuntu: apt-get install {SyncTrace.Program}; tests/run installs it on Debian when it runs as root.");
        }
    }

    private static async Task<int> OneAsync(bool json, Sabotage? sabotage, bool isWhole, CancellationToken cancellationToken)
    {
        var report = await Walk.RunAsync(sabotage is null ? new SabotageSet() : new SabotageSet(sabotage), isWhole, cancellationToken);
        Write(json, report, Tables.Write);
        await Console.Error.WriteLineAsync($"{report.Clauses.Count} clauses, {report.Failed.Count} failed, {report.Seconds:0} s.");
        return report.ExitCode;
    }

    private static async Task<int> AllAsync(bool json, bool isWhole, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var sets = SabotageSet.Of(SabotageCatalog.All, isWhole ? 1 : SabotagesAtATime);
        var results = new ConcurrentDictionary<string, SabotageResult>(StringComparer.Ordinal);
        var together = new ParallelOptions { MaxDegreeOfParallelism = WalksAtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(sets, together, async (set, stop) =>
        {
            foreach (var result in await ResultsAsync(set, isWhole, stop))
            {
                results[result.Sabotage] = result;
            }
        });

        var all = new SabotageReport([.. SabotageCatalog.All.Select(sabotage => results[sabotage.Name])], sets.Count, watch.Elapsed.TotalSeconds);
        Write(json, all, Tables.Write);
        await Console.Error.WriteLineAsync($"{all.Sabotages.Count} sabotages in {all.Walks} walks, {all.Sabotages.Count(static result => !result.AsExpected)} not as expected, {all.Seconds:0} s.");
        return all.ExitCode;
    }

    private static async Task<IReadOnlyList<SabotageResult>> ResultsAsync(SabotageSet set, bool isWhole, CancellationToken cancellationToken)
    {
        var report = await OneOfManyAsync(set, isWhole, cancellationToken);
        IReadOnlyList<SabotageResult> results = [.. set.All.Select(sabotage => SabotageResult.Of(sabotage, set, report))];
        foreach (var result in results)
        {
            await Console.Error.WriteLineAsync(Line(result));
        }

        if (results.All(static result => result.AsExpected))
        {
            return results;
        }

        if (set.All.Count > 1)
        {
            // Whether one goes unnoticed or another is in its way, a walk of its own tells.
            var alone = new List<SabotageResult>();
            foreach (var sabotage in set.All)
            {
                alone.AddRange(await ResultsAsync(new SabotageSet(sabotage), isWhole, cancellationToken));
            }

            return alone;
        }

        if (results is not [{ IsNoticed: true }])
        {
            return results;
        }

        // Another clause failed too. Four bytes of an address are met by chance in one walk of some hundred, and a machine may stall; what is broken is so twice.
        var again = SabotageResult.Of(set.All[0], set, await Walk.RunAsync(set, isWhole, cancellationToken));
        await Console.Error.WriteLineAsync($"once more: {Line(again)}");
        return [again];
    }

    /// <summary>A walk that a stalled machine has kept from its end is made once more: what keeps one from it for good does so twice.</summary>
    private static async Task<WalkReport> OneOfManyAsync(SabotageSet set, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            return await Walk.RunAsync(set, isWhole, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{string.Join(", ", set.All.Select(static one => one.Name))}: not walked to the end, and once more: {e.Message.Split('\n')[0]}");
            return await Walk.RunAsync(set, isWhole, cancellationToken);
        }
    }

    private static string Line(SabotageResult result)
    {
        var outcome = result.AsExpected ? "noticed" : $"NOT AS EXPECTED: {(result.Failed.Count == 0 ? "nothing" : string.Join(", ", result.Failed))} failed";
        return $"{result.Sabotage}: {outcome}, {result.Seconds:0} s{string.Concat(result.Unexpected.Select(static fact => $"\n  {fact}"))}";
    }

    private static int List(bool json)
    {
        var clauses = ClauseCatalog.All.Select(static clause => new { clause.Name, clause.Promise });
        var sabotages = SabotageCatalog.All.Select(static sabotage => new { sabotage.Name, sabotage.Clause, sabotage.Deed });
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Clauses = clauses, Sabotages = sabotages }, SnakeCase));
            return ExitCodes.Holds;
        }

        foreach (var clause in clauses)
        {
            Console.Out.WriteLine($"{clause.Name}: {clause.Promise}");
            foreach (var sabotage in sabotages.Where(sabotage => sabotage.Clause == clause.Name))
            {
                Console.Out.WriteLine($"    --sabotage {sabotage.Name}: {sabotage.Deed}");
            }
        }

        return ExitCodes.Holds;
    }

    private static Sabotage? Find(string name) => SabotageCatalog.All.FirstOrDefault(sabotage => sabotage.Name == name);

    private static void Write<T>(bool json, T report, Action<T> table)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, SnakeCase));
        }
        else
        {
            table(report);
        }
    }
}
