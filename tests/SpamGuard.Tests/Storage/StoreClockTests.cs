using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Tests.Epochs;
using SpamGuard.Tests.Scoring;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Storage;

public sealed class StoreClockTests
{
    private readonly ShiftedTime _here = new(Start);
    private readonly VirtualClock _there = new();

    [Theory]
    [InlineData(0, false)]
    [InlineData(90, false)]
    [InlineData(-90, false)]
    [InlineData(121, true)]
    [InlineData(-121, true)]
    public async Task Measure_OfAStoreWithAnotherClock_CorrectsOursUpToTwoMinutes(int seconds, bool skewed)
    {
        _there.Set(Start.AddSeconds(seconds));
        var clock = new StoreClock(_here);
        await clock.MeasureAsync(new InProcessSignalStore(_there), default);

        Assert.Equal(seconds * 1000, clock.OffsetMilliseconds);
        Assert.Equal(Start.AddSeconds(seconds).ToUnixTimeSeconds(), clock.Now);
        Assert.Equal(skewed, clock.IsSkewed);
        _here.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Start.AddSeconds(seconds + 10).ToUnixTimeMilliseconds(), clock.NowMilliseconds);
    }

    [Fact]
    public async Task Measure_OfASlowAnswer_TakesItFromHalfway()
    {
        _there.Set(Start.AddSeconds(1));
        var clock = new StoreClock(_here);
        var slow = new SwitchedStore(new InProcessSignalStore(_there)) { WhileTimeIsOnTheWay = () => _here.Advance(TimeSpan.FromSeconds(2)) };
        await clock.MeasureAsync(slow, default);
        Assert.Equal(0, clock.OffsetMilliseconds);
    }

    [Fact]
    public async Task Now_OnceTheClockHereIsPutBack_GoesOnFromWhatWasMeasured()
    {
        _there.Set(Start.AddSeconds(30));
        var clock = new StoreClock(_here);
        await clock.MeasureAsync(new InProcessSignalStore(_there), default);

        _here.Shift = TimeSpan.FromHours(-1);
        _here.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(Start.AddSeconds(40).ToUnixTimeSeconds(), clock.Now);
        Assert.Equal(clock.Now, clock.LatestNow);
        Assert.False(clock.IsSkewed);
        _there.Set(Start.AddSeconds(40));
        await clock.MeasureAsync(new InProcessSignalStore(_there), default);
        Assert.True(clock.IsSkewed); // which is for people to mend
        Assert.Equal(Start.AddSeconds(40).ToUnixTimeSeconds(), clock.Now);
    }

    [Fact]
    public void Now_BeforeAnythingWasMeasured_GoesOnFromTheClockAtTheStart()
    {
        var clock = new StoreClock(_here);
        _here.Shift = TimeSpan.FromHours(-1);
        _here.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Start.AddSeconds(10).ToUnixTimeSeconds(), clock.Now);
    }

    [Fact]
    public async Task LatestNow_OfAMachineThatSlept_IsWhatItsClockSays()
    {
        _there.Set(Start.AddSeconds(30));
        var clock = new StoreClock(_here);
        await clock.MeasureAsync(new InProcessSignalStore(_there), default);

        _here.Shift = TimeSpan.FromHours(1);

        Assert.Equal(Start.AddSeconds(30).AddHours(1).ToUnixTimeSeconds(), clock.LatestNow);
        Assert.Equal(Start.AddSeconds(30).ToUnixTimeSeconds(), clock.Now);
    }

    [Fact]
    public async Task Calls_UnderASkewedClock_WriteNothing()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        var token = (await guard.ScoreAsync(SignUp("198.18.9.9"))).DecisionToken;
        var records = guard.Real.RecordCount;
        _there.Set(Start.AddMinutes(3));
        await guard.Clock.MeasureAsync(new InProcessSignalStore(_there), default);

        var spam = new OutcomeReport(OutcomeLabel.Spam, "test", default, RequestId: null);
        Assert.Equal(Quality.Degraded, (await guard.ScoreAsync(SignUp())).Quality);
        Assert.Equal(Quality.Degraded, (await guard.PreviewAsync(SignUp())).Quality);
        Assert.Equal(
            FeedbackOutcome.StoreUnavailable,
            await guard.Feedback.ReportAsync(EventKind.SignUp, Address("198.18.7.9"), default, default, spam, default));
        Assert.Equal(FeedbackOutcome.StoreUnavailable, await guard.Feedback.ReportAsync(token, spam, default));
        Assert.Equal(records, guard.Real.RecordCount);
        Assert.Equal(1, guard.Aggregates.Wide(Address("198.18.7.9").Wide, guard.Clock.Now).Today);
        Assert.NotNull(guard.Health.Outage);

        await guard.Clock.MeasureAsync(guard.Real, default);
        Assert.Equal(Quality.Full, (await guard.ScoreAsync(SignUp())).Quality);
    }
}
