using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
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
    /// <param name="hash">What makes tokens; <c>null</c> for what a service takes.</param>
    /// <param name="tags">The tags of addresses; <c>null</c> for none.</param>
    public OfflineSpamGuard(Policy policy, long phaseSeconds, int seed, KeyedHashSource? hash = null, LiveTags? tags = null)
    {
        tags ??= new LiveTags(Options.Create(new TagOptions()));
        var random = new SeededBytes(seed);
        var metrics = Metrics.WithCustomRegistry(Registry);
        var pepper = new byte[PepperRing.PepperSize];
        random.Fill(pepper);
        var peppers = new PepperRing(pepper);
        _calendar = new EpochCalendar(phaseSeconds);
        Store = new InProcessSignalStore(_clock);
        _epochs = new EpochKeeper(Store, peppers, _calendar, new EpochMetrics(metrics), random.Fill, hash);
        var clock = new StoreClock(_clock);
        var health = new StoreHealth(_clock, clock);
        _salts = new LocalEpochs(peppers, _calendar);
        Tokens = new DecisionTokens(_epochs, _salts, _calendar, clock);
        Aggregates = new TrafficAggregates(new AggregateMetrics(metrics));
        var policies = new PolicySource(policy);
        var scoringMetrics = new ScoringMetrics(metrics);
        var degraded = new DegradedScorer(health, clock, Aggregates, scoringMetrics);
        _scorer = new SpamScorer(Store, _epochs, _salts, clock, health, tags, Aggregates, policies, scoringMetrics, degraded);
        _previewer = new SpamPreviewer(Store, _epochs, _salts, clock, health, tags, Tokens, Aggregates, policies, scoringMetrics, degraded);
        _feedback = new FeedbackRecorder(Store, _epochs, clock, Tokens, Aggregates, policies, new FeedbackMetrics(metrics));
    }

    /// <summary>Begins with nothing known, and one way of judging for all kinds of events.</summary>
    public OfflineSpamGuard(ScoringPolicy policy, long phaseSeconds, int seed, KeyedHashSource? hash = null)
        : this(Policy.Of(policy), phaseSeconds, seed, hash)
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
        return Full(await _scorer.ScoreAsync(spamEvent, "offline", requestId, CancellationToken.None));
    }

    /// <summary>Previews an event at a time.</summary>
    public async ValueTask<Assessment> PreviewAsync(SpamEvent spamEvent, DateTimeOffset time)
    {
        await SetAsync(time);
        return Answered(Full(await _previewer.PreviewAsync(spamEvent, "offline", CancellationToken.None)));
    }

    /// <summary>Previews an earlier event by its decision token, at a time.</summary>
    public async ValueTask<ScoreOutcome> PreviewAsync(string decisionToken, DateTimeOffset time)
    {
        await SetAsync(time);
        return Full(await _previewer.PreviewAsync(decisionToken, "offline", CancellationToken.None));
    }

    /// <summary>Reports an event by its address, at a time.</summary>
    public async ValueTask<FeedbackOutcome> ReportAsync(SpamEvent spamEvent, OutcomeLabel label, DateTimeOffset time, ReadOnlyMemory<byte> reporter = default)
    {
        await SetAsync(time);
        return await _feedback.ReportAsync(
            spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, label, reporter, CancellationToken.None);
    }

    /// <summary>Reports a decision by its token, at a time.</summary>
    public async ValueTask<FeedbackOutcome> ReportAsync(string decisionToken, OutcomeLabel label, DateTimeOffset time, ReadOnlyMemory<byte> reporter = default)
    {
        await SetAsync(time);
        return await _feedback.ReportAsync(decisionToken, label, reporter, CancellationToken.None);
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        _epochs.Dispose();
        _salts.Dispose();
    }

    private async ValueTask SetAsync(DateTimeOffset time)
    {
        _clock.Set(time);
        var now = time.ToUnixTimeSeconds();
        if (_epochs.Live(now) is null)
        {
            _epochs.Expire(now);
            await _epochs.RefreshAsync(now, CancellationToken.None);
        }
    }

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
