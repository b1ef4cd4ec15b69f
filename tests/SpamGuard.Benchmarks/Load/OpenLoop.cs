using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using HdrHistogram;

namespace SpamGuard.Benchmarks.Load;

/// <summary>Calls at a fixed rate, whether or not earlier ones were answered: a slow answer delays no later call, so no wait is left out.</summary>
internal static class OpenLoop
{
    private const long LongestMicroseconds = 60_000_000;
    private const int Digits = 3;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs for a time; returns latencies in microseconds, from a call's begin to its answer.</summary>
    public static async Task<HistogramBase> RunAsync(
        string what, int perSecond, TimeSpan duration, Func<int, Task> call, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentDictionary<StatusCode, int>();
        var latencies = new LongConcurrentHistogram(1, LongestMicroseconds, Digits);
        var calls = new List<Task>((int)(perSecond * duration.TotalSeconds) + perSecond);
        using var timer = new PeriodicTimer(Tick);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            for (var due = Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond; calls.Count < due;)
            {
                calls.Add(OneAsync(calls.Count));
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        await Task.WhenAll(calls).WaitAsync(cancellationToken);
        Answers.ThrowIfAny(failures, what, (int)latencies.TotalCount);
        return latencies;

        async Task OneAsync(int index)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                await call(index);
                latencies.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds));
            }
            catch (RpcException e)
            {
                failures.AddOrUpdate(e.StatusCode, 1, static (_, count) => count + 1);
            }
        }
    }
}
