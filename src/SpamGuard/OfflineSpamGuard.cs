using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Tags;

namespace SpamGuard;

/// <summary>The same scorer on the in-process store and a virtual clock: for replays and tests. Not for concurrent use.</summary>
internal sealed class OfflineSpamGuard : IDisposable
{
    private const string Caller = "offline";

    private readonly VirtualClock _clock = new();
    private readonly EpochCalendar _calendar;
    private readonly EpochKeeper _epochs;
    private readonly LocalEpochs _salts;
    private readonly SpamScorer _scorer;
    private readonly SpamPreviewer _previewer;
    private readonly FeedbackRecorder _feedback;

    /// <summary>Begins with nothing known.</summary>
    /// <param name="policy">The policy that judges.</param>
    /// <param name="phaseSeconds">Shifts the epochs against the clock.</param>
    /// <param name="seed">Pepper and salts, and so which members share a bit, follow from it.</param>
    /// <param name="tags">The tags of addresses; <c>null</c> for none.</param>
    /// <param name="hash">What makes tokens; <c>null</c> for what a service takes.</param>
    /// <param name="lives">How long records are kept; <c>null</c> for as long as a service keeps them.</param>
    public OfflineSpamGuard(
        Policy policy, long phaseSeconds, int seed, LiveTags? tags = null, KeyedHashSource? hash = null, RetentionLives? lives = null)
    {
        tags ??= LiveTags.None();
        var random = new SeededBytes(seed);
        var metrics = Metrics.WithCustomRegistry(Registry);
        metrics.ExemplarBehavior = ExemplarBehavior.NoExemplars(); // nothing traces a replay, and asking costs as much as a hash
        var pepper = new byte[PepperRing.PepperSize];
        random.Fill(pepper);
        var peppers = new PepperRing(pepper);
        _calendar = new EpochCalendar(phaseSeconds, lives);
        Store = new InProcessSignalStore(_clock, lives);
        _epochs = new EpochKeeper(Store, peppers, _calendar, new EpochMetrics(metrics), random.Fill, hash);
        var clock = new StoreClock(_clock);
        var health = new StoreHealth(_clock, clock);
        _salts = new LocalEpochs(peppers, _calendar);
        Tokens = new DecisionTokens(_epochs, _salts, _calendar, clock);
        Aggregates = new TrafficAggregates(new AggregateMetrics(metrics));
        var policies = new PolicySource(policy);
        var scoringMetrics = new ScoringMetrics(metrics);
        var overrides = new LiveOverrides(clock); // nobody says anything here: a replay is about the model
        var degraded = new DegradedScorer(health, clock, overrides, Aggregates, scoringMetrics);
        _scorer = new SpamScorer(Store, _epochs, _salts, clock, health, tags, overrides, Aggregates, policies, scoringMetrics, degraded);
        _previewer = new SpamPreviewer(Store, _epochs, _salts, clock, health, tags, overrides, Tokens, Aggregates, policies, scoringMetrics, degraded);
        _feedback = new FeedbackRecorder(Store, _epochs, clock, Tokens, Aggregates, policies, new FeedbackMetrics(metrics));
    }

    /// <summary>Begins with nothing known, and one way of judging for all kinds of events.</summary>
    public OfflineSpamGuard(ScoringPolicy policy, long phaseSeconds, int seed)
        : this(Policy.Of(policy), phaseSeconds, seed)
    {
    }

    /// <summary>The store.</summary>
    public InProcessSignalStore Store { get; }

    /// <summary>The totals over all messages and per /8; never flushed.</summary>
    public TrafficAggregates Aggregates { get; }

    /// <summary>Its metrics.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    /// <summary>Opens the tokens of its answers.</summary>
    public DecisionTokens Tokens { get; }

    /// <summary>Scores an event at a time.</summary>
    public async ValueTask<Assessment> ScoreAsync(SpamEvent spamEvent, DateTimeOffset time, Guid? requestId = null) =>
        Answered(await TryScoreAsync(spamEvent, time, requestId));

    /// <summary>Scores an event at a time, or says why not.</summary>
    public async ValueTask<ScoreOutcome> TryScoreAsync(SpamEvent spamEvent, DateTimeOffset time, Guid? requestId = null)
    {
        await SetAsync(time);
        return Full(await _scorer.ScoreAsync(spamEvent, Caller, requestId, CancellationToken.None));
    }

    /// <summary>Scores events at a time, all in one call to the store.</summary>
    public async ValueTask<ScoreOutcome[]> ScoreBatchAsync(DateTimeOffset time, params (SpamEvent Event, Guid? RequestId)[] events)
    {
        await SetAsync(time);
        return Array.ConvertAll(await _scorer.ScoreBatchAsync(events, Caller, CancellationToken.None), Full);
    }

    /// <summary>The same as <see cref="ScoreAsync"/>, for replays: the in-process store never waits, and steps that could would take a tenth of the time.</summary>
    public Assessment Score(SpamEvent spamEvent, DateTimeOffset time)
    {
        Set(time);
        return Answered(Full(Done(_scorer.ScoreAsync(spamEvent, Caller, requestId: null, CancellationToken.None))));
    }

    /// <summary>Reports an event by its address, at a time, likewise for replays.</summary>
    public FeedbackOutcome Report(SpamEvent spamEvent, OutcomeLabel label, DateTimeOffset time, ReadOnlyMemory<byte> reporter)
    {
        Set(time);
        var report = new OutcomeReport(label, Caller, reporter, RequestId: null);
        return Done(_feedback.ReportAsync(spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, report, CancellationToken.None));
    }

    /// <summary>Previews an event at a time.</summary>
    public async ValueTask<Assessment> PreviewAsync(SpamEvent spamEvent, DateTimeOffset time)
    {
        await SetAsync(time);
        return Answered(Full(await _previewer.PreviewAsync(spamEvent, Caller, CancellationToken.None)));
    }

    /// <summary>Previews an earlier event by its decision token, at a time.</summary>
    public async ValueTask<ScoreOutcome> PreviewAsync(string decisionToken, DateTimeOffset time)
    {
        await SetAsync(time);
        return Full(await _previewer.PreviewAsync(decisionToken, Caller, CancellationToken.None));
    }

    /// <summary>Reports an event by its address, at a time.</summary>
    public async ValueTask<FeedbackOutcome> ReportAsync(
        SpamEvent spamEvent, OutcomeLabel label, DateTimeOffset time, ReadOnlyMemory<byte> reporter = default, Guid? requestId = null, string caller = Caller)
    {
        await SetAsync(time);
        var report = new OutcomeReport(label, caller, reporter, requestId);
        return await _feedback.ReportAsync(
            spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, report, CancellationToken.None);
    }

    /// <summary>Reports a decision by its token, at a time.</summary>
    public async ValueTask<FeedbackOutcome> ReportAsync(
        string decisionToken, OutcomeLabel label, DateTimeOffset time, ReadOnlyMemory<byte> reporter = default, string caller = Caller)
    {
        await SetAsync(time);
        return await _feedback.ReportAsync(decisionToken, new OutcomeReport(label, caller, reporter, RequestId: null), CancellationToken.None);
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        _epochs.Dispose();
        _salts.Dispose();
    }

    // Nothing waits here: the in-process store answers at once.
    private void Set(DateTimeOffset time) => SetAsync(time).AsTask().GetAwaiter().GetResult();

    private ValueTask SetAsync(DateTimeOffset time)
    {
        _clock.Set(time);
        var now = time.ToUnixTimeSeconds();
        if (_epochs.Live(now) is not null)
        {
            return default;
        }

        _epochs.Expire(now);
        return _epochs.RefreshAsync(now, CancellationToken.None);
    }

    private static T Done<T>(ValueTask<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();

    // There is no outage here: a store that failed is a fault, and what stands in for it must not hide it.
    private static ScoreOutcome Full(ScoreOutcome outcome) =>
        outcome.Assessment is { Quality: Quality.Degraded } ? throw new InvalidOperationException("The in-process store failed.") : outcome;

    private static Assessment Answered(ScoreOutcome outcome) =>
        outcome.Assessment ?? throw new InvalidOperationException($"The in-process store gave no assessment: {outcome.Failure}.");

    // Not secret, and need not be: nothing that a replay hashes leaves its process.
    private sealed class SeededBytes(int seed)
    {
        private readonly Random _random = new(seed);

        public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
    }
}
