using CsCheck;
using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Records;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Tests.Epochs;

namespace SpamGuard.Tests.Aggregates;

public sealed class TrafficAggregatesTests
{
    private const long Start = 1_770_000_000;

    /// <summary>To compare what is rounded would fail where the two lie on both sides of an edge.</summary>
    private const double Tolerance = 1e-9;

    private static readonly WidePrefix Wide = new(4, 198);
    private readonly VirtualClock _clock = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [Fact]
    public async Task Flush_OfTwoProcesses_ShowsEachWhatBothCounted()
    {
        var store = new InProcessSignalStore(_clock);
        var (one, two) = (Aggregates(), Aggregates());
        At(Start);
        one.CountEvent(Wide, 2, isMessage: true, Start);
        one.CountReport(Wide, 2, isMessage: true, spam: true, Start);
        two.CountEvent(Wide, 3, isMessage: false, Start);
        two.CountReport(Wide, 1, isMessage: true, spam: false, Start);
        Assert.Equal((2, 0, 2), Counts(one.Wide(Wide, Start)));

        await one.FlushAsync(store, Start, default);
        await two.FlushAsync(store, Start, default);
        one.Wide(Wide, Start);
        await one.FlushAsync(store, Start, default);

        Assert.Equal((2, 1, 5), Counts(one.Wide(Wide, Start)));
        Assert.Equal((2, 1, 5), Counts(two.Wide(Wide, Start)));
        Assert.Equal((1, 1, 1), Counts(two.All(Start)));
    }

    [Fact]
    public async Task Flush_OfRandomTraffic_EqualsOneProcessThatNeverFlushes() =>
        await Gen.Select(Gen.Int[0, 40_000], Gen.Int[0, 3], Gen.Bool, Gen.Bool).Array[1, 60].SampleAsync(async steps =>
        {
            var store = new InProcessSignalStore(_clock);
            var (merged, alone) = (Aggregates(), Aggregates());
            var now = Start;
            foreach (var (seconds, units, report, spam) in steps)
            {
                now += seconds;
                At(now);
                foreach (var aggregates in new[] { merged, alone })
                {
                    if (report)
                    {
                        aggregates.CountReport(Wide, units, isMessage: true, spam, now);
                    }
                    else
                    {
                        aggregates.CountEvent(Wide, units, isMessage: true, now);
                    }
                }

                await merged.FlushAsync(store, now, default);
            }

            AssertClose(alone.Wide(Wide, now), merged.Wide(Wide, now));
            AssertClose(alone.All(now), merged.All(now));
        }, threads: 1, iter: 200);

    [Fact]
    public async Task Flush_ThatFails_IsDroppedAndMeteredUnlessItWasNeverSent()
    {
        var store = new SwitchedStore(inner: null);
        var aggregates = Aggregates();
        At(Start);
        aggregates.CountEvent(Wide, 2, isMessage: true, Start);
        await Assert.ThrowsAsync<StoreException>(async () => await aggregates.FlushAsync(store, Start, default));
        Assert.Equal(2, Dropped());

        store.Inner = new InProcessSignalStore(_clock);
        aggregates.CountEvent(Wide, 5, isMessage: true, Start);
        await aggregates.FlushAsync(store, Start, default);
        Assert.Equal((0, 0, 5), Counts(aggregates.Wide(Wide, Start)));
    }

    [Fact]
    public void Roll_OverDays_FadesByATenthADay()
    {
        var aggregates = Aggregates();
        aggregates.CountEvent(Wide, 100, isMessage: false, Start);
        aggregates.CountReport(Wide, 10, isMessage: false, spam: true, Start);
        var later = aggregates.Wide(Wide, Start + (3 * SignalRecord.DaySeconds));

        Assert.Equal(10 * Math.Pow(.9, 3), later.Spam, 9);
        Assert.Equal(100 * Math.Pow(.9, 3), later.Older, 9);
        Assert.Equal(0, later.Today);
    }

    private TrafficAggregates Aggregates() => new(new AggregateMetrics(Metrics.WithCustomRegistry(_registry)));

    private double Dropped() => Metrics.WithCustomRegistry(_registry).CreateCounter("spamguard_aggregate_additions_dropped_total", "").Value;

    private void At(long now) => _clock.Set(DateTimeOffset.FromUnixTimeSeconds(now));

    private static (double Spam, double Ham, double Today) Counts(FadingCounts counts) => (counts.Spam, counts.Ham, counts.Today);

    private static void AssertClose(FadingCounts one, FadingCounts other)
    {
        Assert.Equal(one.Spam, other.Spam, Tolerance);
        Assert.Equal(one.Ham, other.Ham, Tolerance);
        Assert.Equal(one.Older, other.Older, Tolerance);
        Assert.Equal(one.Yesterday, other.Yesterday, Tolerance);
        Assert.Equal(one.Today, other.Today, Tolerance);
    }
}
