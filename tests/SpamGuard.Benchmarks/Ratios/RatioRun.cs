using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Serving;
using SpamGuard.Benchmarks.Subjects;
using SpamGuard.Epochs;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>One run: two Redis (one for the server, one for what is measured without it), a server, and rounds in which every side takes its turn.</summary>
internal static class RatioRun
{
    private const int MostEventsWithId = 50_000;

    /// <summary>Measures everything. What it started has ended when it returns or throws.</summary>
    public static async Task<RatioReport> RunAsync(RatioPlan plan, TextWriter progress, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RatioPlan.Limit);
        try
        {
            return await MeasureAsync(plan, progress, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchmarkException($"The run took longer than {RatioPlan.Limit.TotalMinutes} minutes and was given up: the machine is too busy to measure on.");
        }
    }

    private static async Task<RatioReport> MeasureAsync(RatioPlan plan, TextWriter progress, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var population = new Population(plan.Addresses);
        var pepper = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);
        await using var bare = await PreparedRedis.StartAsync(population, pepper, cancellationToken);
        await using var served = await PreparedRedis.StartAsync(population, pepper, cancellationToken);
        served.Client.RunOnce(served.Events, cancellationToken);

        // On a busy machine a call may wait for the processor longer than the default budget, and an answer without the store is none.
        await using var server = await ServerProcess.StartAsync(served.Redis.ScorerConnection, pepper, SignalStoreOptions.LongestBudget, cancellationToken);

        var requests = Enumerable.Range(0, population.Addresses).Select(Population.Request).ToList();
        await Readiness.WaitAsync(server, requests[0], cancellationToken);
        var keysBefore = await served.Redis.KeysAsync();
        var calls = new CallRatio(server, requests, plan.Side);
        using var replay = new ReplayRatio(population, calls, plan.Side);
        IRatio[] ratios =
        [
            calls,
            replay,
            new MemoryRatio(bare.Redis, bare.Client, bare.Events, population),
            new ScriptRatio(
                bare.Client,
                bare.HotPath.Gets(population.Addresses),
                bare.Events,
                bare.HotPath.Observe(Math.Min(population.Addresses, MostEventsWithId), withRequestId: true),
                plan.Side),
            new BatchRatio(server, requests, bare.Client, bare.HotPath.ObserveBatches(population.Addresses, BatchRatio.Size), calls, plan.Side),
            new LatencyRatio(server, requests, plan.Paced),
        ];
        var samples = new Samples();
        await EachAsync(ratios, samples, ratio => ratio.WarmAsync(cancellationToken));
        for (var round = 1; round <= plan.Rounds; round++)
        {
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round} of {plan.Rounds}"));
            await EachAsync(ratios, samples, ratio => ratio.RoundAsync(samples, cancellationToken));
        }

        return samples.Report(
        [
            Note($"medians [min-max] of {plan.Rounds} interleaved rounds, {plan.Side.TotalSeconds} s a side, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"),
            Note($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores shared by client, server and Redis {await bare.Redis.VersionAsync()}, all on 127.0.0.1"),
            Note($"{population.Addresses} addresses, {population.Records} records; keys in the server's Redis {keysBefore} before, {await served.Redis.KeysAsync()} after"),
            Note($"events: half sign-ups, half messages with an account, without request_id; latency at {LatencyRatio.PerSecond} calls/s, from a call's begin"),
        ]);
    }

    // What failed once is a failed row and is not tried again; the others are measured all the same.
    private static async Task EachAsync(IEnumerable<IRatio> ratios, Samples samples, Func<IRatio, Task> run)
    {
        foreach (var ratio in ratios.Where(ratio => !ratio.Rows.Any(samples.HasFailed)))
        {
            try
            {
                await run(ratio);
            }
            catch (BenchmarkException e)
            {
                foreach (var row in ratio.Rows)
                {
                    samples.Fail(row, e.Message);
                }
            }
        }
    }

    private static string Note(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
