using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Grpc.Core;
using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Ratios;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.Benchmarks.Subjects;
using SpamGuard.Epochs;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Benchmarks.Outage;

/// <summary>Takes the store of a real server away in every way, under calls that do not wait for each other, and gives it back.</summary>
internal static class OutageRun
{
    /// <summary>Calls a second.</summary>
    public const int PerSecond = 200;

    /// <summary>The budget where none is asked for: what two cores, shared with the callers and the store, keep.</summary>
    public static readonly TimeSpan DefaultBudget = TimeSpan.FromMilliseconds(100);

    private const int Addresses = 20_000;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OfAPhase = TimeSpan.FromSeconds(8);

    /// <summary>Runs all phases. What it started has ended when it returns or throws.</summary>
    public static async Task<OutageReport> RunAsync(TimeSpan budget, TextWriter progress, CancellationToken cancellationToken)
    {
        var memory = await MemoryFlood.MeasureAsync(cancellationToken);
        await using var redis = await BenchmarkRedis.StartAsync();
        await using var relay = SlowRelay.To(redis.Endpoint);
        await using var server = await ServerProcess.StartAsync(
            BenchmarkRedis.ScorerConnectionBy(relay.Port), RandomNumberGenerator.GetBytes(PepperRing.PepperSize), budget, cancellationToken);
        await Readiness.WaitAsync(server, Population.Request(0), cancellationToken);

        (string Name, bool IsReturn, Func<Task> Begin)[] script =
        [
            ("there", false, () => Task.CompletedTask),
            ("stopped", false, redis.StopAsync),
            ("restarted", true, redis.RestartAsync),
            ("hung", false, redis.PauseAsync),
            ("resumed", true, redis.ResumeAsync),
            ("slow", false, () => Slow(relay, 3 * budget)),
            ("fast", true, () => Slow(relay, TimeSpan.Zero)),
        ];
        var calls = new ConcurrentQueue<Call>();
        var duration = Warming + (OfAPhase * script.Length) + Warming;
        var load = OpenLoop.RunAsync("Score", PerSecond, duration, index => CallAsync(server, index, calls), cancellationToken);
        await Task.Delay(Warming, TimeProvider.System, cancellationToken);
        var marks = new List<long>();
        foreach (var (name, isReturn, begin) in script)
        {
            await progress.WriteLineAsync(name);
            var before = Stopwatch.GetTimestamp();
            await begin();
            marks.Add(isReturn ? Stopwatch.GetTimestamp() : before); // what is under way while the store changes is an outage's
            await Task.Delay(OfAPhase, TimeProvider.System, cancellationToken);
        }

        marks.Add(Stopwatch.GetTimestamp());
        await load;
        return new OutageReport(budget, PerSecond, memory, [.. script.Select((part, i) => new Phase(part.Name, marks[i], part.IsReturn, Between(calls, marks[i], marks[i + 1])))]);
    }

    private static List<Call> Between(IEnumerable<Call> calls, long from, long to) =>
        [.. calls.Where(call => call.Begun >= from && call.Begun < to).OrderBy(static call => call.Begun)];

    private static Task Slow(SlowRelay relay, TimeSpan delay)
    {
        relay.Delay = delay;
        return Task.CompletedTask;
    }

    private static async Task CallAsync(ServerProcess server, int index, ConcurrentQueue<Call> calls)
    {
        var request = Population.Request((int)(index * 7919L % Addresses));
        request.RequestId = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var answer = await server.Scoring.ScoreAsync(request);
            calls.Enqueue(new Call(begun, Stopwatch.GetTimestamp(), Failed: false, answer.Assessment.Quality != Quality.Full));
        }
        catch (RpcException)
        {
            calls.Enqueue(new Call(begun, Stopwatch.GetTimestamp(), Failed: true, Degraded: false));
        }
    }
}
