using System.Diagnostics;

namespace SpamGuard.Benchmarks.Report;

/// <summary>One state of the store, and the calls that were begun in it.</summary>
/// <param name="Name">What is wrong with the store, or that it is back.</param>
/// <param name="Begun">Timestamp from which the store was so.</param>
/// <param name="IsReturn">Whether an outage ended with it, so that answers must soon be FULL again.</param>
/// <param name="Calls">The calls.</param>
internal sealed record Phase(string Name, long Begun, bool IsReturn, IReadOnlyList<Call> Calls)
{
    /// <summary>Within so long of its return the store must be used again for every call.</summary>
    public static readonly TimeSpan FullWithin = TimeSpan.FromSeconds(5);

    // Half a second's calls. One that is late now and then is a busy machine's.
    private const int InARow = 100;

    public int Failed => Calls.Count(static call => call.Failed);

    public double DegradedShare => Calls.Count == 0 ? 0 : Calls.Count(static call => call.Degraded) / (double)Calls.Count;

    /// <summary>From the store's return to the first of <see cref="InARow"/> calls in a row that it had a part in; <c>null</c> where there never were so many.</summary>
    public TimeSpan? FullAfter
    {
        get
        {
            var inARow = 0;
            for (var i = 0; i < Calls.Count; i++)
            {
                inARow = Calls[i].Failed || Calls[i].Degraded ? 0 : inARow + 1;
                if (inARow == InARow)
                {
                    return Stopwatch.GetElapsedTime(Begun, Calls[i + 1 - InARow].Begun);
                }
            }

            return null;
        }
    }

    /// <summary>Whether every call was answered, and the store used again in time.</summary>
    public bool IsGood => Calls.Count > 0 && Failed == 0 && (!IsReturn || FullAfter <= FullWithin);

    /// <summary>The latency that a share of the calls stay within.</summary>
    public TimeSpan Latency(double share)
    {
        var latencies = Calls.Select(static call => Stopwatch.GetElapsedTime(call.Begun, call.Ended)).Order().ToList();
        return latencies.Count == 0 ? TimeSpan.Zero : latencies[Math.Min(latencies.Count - 1, (int)Math.Ceiling(share * latencies.Count) - 1)];
    }

    /// <summary>How many calls took longer.</summary>
    public int Beyond(TimeSpan limit) => Calls.Count(call => Stopwatch.GetElapsedTime(call.Begun, call.Ended) > limit);
}
