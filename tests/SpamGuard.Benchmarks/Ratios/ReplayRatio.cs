using System.Diagnostics;
using SpamGuard.Addresses;
using SpamGuard.Benchmarks.Load;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Benchmarks.Subjects;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>The same scorer without wire and Redis, as a replay runs it, beside the calls of the same round.</summary>
internal sealed class ReplayRatio(Population population, CallRatio calls, TimeSpan side) : IRatio, IDisposable
{
    private const int EventsBetweenLooks = 256;
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(20);
    private readonly OfflineSpamGuard _offline = new(Policy.Default, phaseSeconds: 0, seed: 1, hash: static key => new SeededHash(key));
    private readonly SpamEvent[] _events = [.. Enumerable.Range(0, population.Addresses).Select(Population.Event)];
    private DateTimeOffset _time = DateTimeOffset.UnixEpoch.AddYears(50);
    private int _next;

    public IReadOnlyList<RowKind> Rows { get; } = [Report.Rows.ReplayPerScore, Report.Rows.ReplayRate];

    public Task WarmAsync(CancellationToken cancellationToken)
    {
        Replay(cancellationToken);
        return Task.CompletedTask;
    }

    public Task RoundAsync(Samples samples, CancellationToken cancellationToken)
    {
        var replay = Replay(cancellationToken);
        samples.Add(Report.Rows.ReplayPerScore, replay.PerSecond / calls.ScoreRate);
        samples.Add(Report.Rows.ReplayRate, replay.PerSecond);
        return Task.CompletedTask;
    }

    public void Dispose() => _offline.Dispose();

    private Rate Replay(CancellationToken cancellationToken)
    {
        var (count, began) = (0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < side)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < EventsBetweenLooks; i++)
            {
                _offline.Score(_events[_next], _time);
                _next = (_next + 7919) % _events.Length;
                _time += BetweenEvents;
                count++;
            }
        }

        return new Rate(count, Stopwatch.GetElapsedTime(began));
    }
}
