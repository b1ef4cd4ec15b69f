using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Tags;
using SpamGuard.Tests.Epochs;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Storage;

public sealed class StoreClockTests
{
    private readonly FakeTimeProvider _here = new(Start);
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
    public async Task Score_UnderASkewedClock_WritesNothing()
    {
        _there.Set(Start.AddMinutes(3));
        var store = new InProcessSignalStore(_there);
        var clock = new StoreClock(_here);
        var metrics = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());
        var calendar = new EpochCalendar();
        using var epochs = new EpochKeeper(store, PepperRing.ForThisRun(), calendar, new EpochMetrics(metrics));
        await epochs.RefreshAsync(clock.Now, default);
        var tokens = new DecisionTokens(epochs, calendar, clock);
        var aggregates = new TrafficAggregates(new AggregateMetrics(metrics));
        var scorer = new SpamScorer(store, epochs, clock, LiveTags.None(), aggregates, new PolicySource(Policy.Default), new ScoringMetrics(metrics));
        var token = (await scorer.ScoreAsync(SignUp("198.18.9.9"), "test", requestId: null, default)).Assessment!.DecisionToken;
        var records = store.RecordCount;
        var feedback = new FeedbackRecorder(store, epochs, clock, tokens, aggregates, new PolicySource(Policy.Default), new FeedbackMetrics(metrics));

        await clock.MeasureAsync(store, default);

        var spam = new OutcomeReport(OutcomeLabel.Spam, "test", default, RequestId: null);
        Assert.Equal(ScoreFailure.StoreUnavailable, (await scorer.ScoreAsync(SignUp(), "test", requestId: null, default)).Failure);
        Assert.Equal(FeedbackOutcome.StoreUnavailable, await feedback.ReportAsync(EventKind.SignUp, Address("198.18.7.9"), default, default, spam, default));
        Assert.Equal(FeedbackOutcome.StoreUnavailable, await feedback.ReportAsync(token, spam, default));
        Assert.Equal(records, store.RecordCount);
        Assert.Equal(1, aggregates.Wide(Address("198.18.7.9").Wide, clock.Now).Today);

        _here.Advance(TimeSpan.FromMinutes(3));
        await clock.MeasureAsync(store, default);
        Assert.Equal(ScoreFailure.None, (await scorer.ScoreAsync(SignUp(), "test", requestId: null, default)).Failure);
    }
}
