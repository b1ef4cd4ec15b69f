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

namespace SpamGuard;

/// <summary>The same scorer on the in-process store and a virtual clock: for replays and tests. Not for concurrent use.</summary>
internal sealed class OfflineSpamGuard : IDisposable
{
    private readonly VirtualClock _clock = new();
    private readonly EpochCalendar _calendar;
    private readonly EpochKeeper _epochs;
    private readonly SpamScorer _scorer;
    private readonly FeedbackRecorder _feedback;

    /// <summary>Begins with nothing known.</summary>
    /// <param name="policy">The policy that judges.</param>
    /// <param name="phaseSeconds">Shifts the epochs against the clock.</param>
    /// <param name="seed">Pepper and salts, and so which members share a bit, follow from it.</param>
    /// <param name="hash">What makes tokens; <c>null</c> for what a service takes.</param>
    /// <param name="lives">How long records are kept; <c>null</c> for as long as a service keeps them.</param>
    public OfflineSpamGuard(ScoringPolicy policy, long phaseSeconds, int seed, KeyedHashSource? hash = null, RetentionLives? lives = null)
    {
        var random = new SeededBytes(seed);
        var metrics = Metrics.WithCustomRegistry(Registry);
        metrics.ExemplarBehavior = ExemplarBehavior.NoExemplars(); // nothing traces a replay, and asking costs as much as a hash
        var pepper = new byte[PepperRing.PepperSize];
        random.Fill(pepper);
        _calendar = new EpochCalendar(phaseSeconds, lives);
        Store = new InProcessSignalStore(_clock, lives);
        _epochs = new EpochKeeper(Store, new PepperRing(pepper), _calendar, new EpochMetrics(metrics), random.Fill, hash);
        var clock = new StoreClock(_clock);
        Tokens = new DecisionTokens(_epochs, _calendar, clock);
        Aggregates = new TrafficAggregates(new AggregateMetrics(metrics));
        _scorer = new SpamScorer(Store, _epochs, clock, Tokens, Aggregates, policy, new ScoringMetrics(metrics));
        _feedback = new FeedbackRecorder(Store, _epochs, clock, Tokens, Aggregates, policy, new FeedbackMetrics(metrics));
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
    public ValueTask<Assessment> ScoreAsync(SpamEvent spamEvent, DateTimeOffset time, Guid? requestId = null)
    {
        var scoring = TryScoreAsync(spamEvent, time, requestId);
        return scoring.IsCompletedSuccessfully ? new ValueTask<Assessment>(Answered(scoring.Result)) : WaitAsync(scoring);

        static async ValueTask<Assessment> WaitAsync(ValueTask<ScoreOutcome> scoring) => Answered(await scoring);
    }

    /// <summary>Scores an event at a time, or says why not.</summary>
    public ValueTask<ScoreOutcome> TryScoreAsync(SpamEvent spamEvent, DateTimeOffset time, Guid? requestId = null)
    {
        return Set(time) ? _scorer.ScoreAsync(spamEvent, "offline", requestId, CancellationToken.None) : RefreshAsync(this, spamEvent, requestId);

        static async ValueTask<ScoreOutcome> RefreshAsync(OfflineSpamGuard guard, SpamEvent spamEvent, Guid? requestId)
        {
            await guard.RefreshAsync();
            return await guard._scorer.ScoreAsync(spamEvent, "offline", requestId, CancellationToken.None);
        }
    }

    /// <summary>Previews an event at a time.</summary>
    public async ValueTask<Assessment> PreviewAsync(SpamEvent spamEvent, DateTimeOffset time)
    {
        await SetAsync(time);
        return Answered(await _scorer.PreviewAsync(spamEvent, "offline", CancellationToken.None));
    }

    /// <summary>Previews an earlier event by its decision token, at a time.</summary>
    public async ValueTask<ScoreOutcome> PreviewAsync(string decisionToken, DateTimeOffset time)
    {
        await SetAsync(time);
        return await _scorer.PreviewAsync(decisionToken, "offline", CancellationToken.None);
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
    public void Dispose() => _epochs.Dispose();

    // Nearly always at once, and then without a step of its own: a replay does this for every event.
    private ValueTask SetAsync(DateTimeOffset time) => Set(time) ? default : RefreshAsync();

    private bool Set(DateTimeOffset time)
    {
        _clock.Set(time);
        return _epochs.Live(time.ToUnixTimeSeconds()) is not null;
    }

    private ValueTask RefreshAsync()
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        _epochs.Expire(now);
        return _epochs.RefreshAsync(now, CancellationToken.None);
    }

    private static Assessment Answered(ScoreOutcome outcome) =>
        outcome.Assessment ?? throw new InvalidOperationException($"The in-process store gave no assessment: {outcome.Failure}.");

    // Not secret, and need not be: nothing that a replay hashes leaves its process.
    private sealed class SeededBytes(int seed)
    {
        private readonly Random _random = new(seed);

        public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
    }
}
