using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;

namespace SpamGuard.Benchmarks.Load;

/// <summary>Calls as fast as they are answered, a fixed number in flight.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs for a time. Every answer's status is looked at, and one that is not OK makes the whole run worth nothing.</summary>
    /// <param name="what">What is called, for messages.</param>
    /// <param name="inFlight">How many calls wait for an answer at any moment.</param>
    /// <param name="duration">For how long calls are begun.</param>
    /// <param name="call">Makes a call; gets a number that grows.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<Rate> RunAsync(string what, int inFlight, TimeSpan duration, Func<int, Task> call, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentDictionary<StatusCode, int>();
        var (next, answered) = (-1, 0);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(LoopAsync, cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(began);
        cancellationToken.ThrowIfCancellationRequested();
        Answers.ThrowIfAny(failures, what, answered);
        return new Rate(answered, elapsed);

        async Task LoopAsync()
        {
            while (Stopwatch.GetElapsedTime(began) < duration && !cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await call(Interlocked.Increment(ref next));
                    Interlocked.Increment(ref answered);
                }
                catch (RpcException e)
                {
                    failures.AddOrUpdate(e.StatusCode, 1, static (_, count) => count + 1);
                }
            }
        }
    }
}
