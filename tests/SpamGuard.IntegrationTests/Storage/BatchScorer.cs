using Prometheus;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Tags;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The product's scorer over some store, with nothing beside it that would call the store too. Each has the same pepper and salts, so that they hash alike.</summary>
internal sealed class BatchScorer : IDisposable
{
    private static readonly EpochCalendar Calendar = new();

    private readonly EpochKeeper _epochs;
    private readonly LocalEpochs _salts;
    private readonly SpamScorer _scorer;
    private readonly DecisionTokens _tokens;

    private BatchScorer(ISignalStore store, EpochKeeper epochs, PepperRing peppers, TimeProvider time)
    {
        var metrics = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());
        var clock = new StoreClock(time);
        var health = new StoreHealth(time, clock);
        var aggregates = new TrafficAggregates(new AggregateMetrics(metrics));
        var scoring = new ScoringMetrics(metrics);
        var overrides = new LiveOverrides(clock);
        _epochs = epochs;
        _salts = new LocalEpochs(peppers, Calendar);
        _tokens = new DecisionTokens(epochs, _salts, Calendar, clock);
        _scorer = new SpamScorer(
            store,
            epochs,
            _salts,
            clock,
            health,
            LiveTags.None(),
            overrides,
            aggregates,
            new PolicySource(Policy.Default),
            scoring,
            new DegradedScorer(health, clock, overrides, aggregates, scoring));
    }

    /// <param name="store">The store.</param>
    /// <param name="now">Unix second that the store's clock is held at.</param>
    public static async Task<BatchScorer> StartAsync(ISignalStore store, long now)
    {
        var time = new VirtualClock();
        time.Set(DateTimeOffset.FromUnixTimeSeconds(now));
        var peppers = new PepperRing([.. Enumerable.Repeat((byte)7, PepperRing.PepperSize)]);
        var epochs = new EpochKeeper(
            store,
            peppers,
            Calendar,
            new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())),
            static salt => salt.Fill(9));
        await epochs.RefreshAsync(now, CancellationToken.None).DefaultTimeout();
        return new BatchScorer(store, epochs, peppers, time);
    }

    public async Task<Assessment[]> ScoreAsync(IReadOnlyList<(SpamEvent Event, Guid? RequestId)> events) =>
        [.. (await _scorer.ScoreBatchAsync(events, "test", CancellationToken.None).AsTask().DefaultTimeout()).Select(outcome => outcome.Assessment!)];

    /// <summary>The event of an answer as it was hashed.</summary>
    public EventFootprint Footprint(Assessment assessment) =>
        _tokens.Open(assessment.DecisionToken, out var decision) == TokenState.Valid ? decision!.Footprint : throw new InvalidOperationException("Not a token of ours.");

    public void Dispose()
    {
        _epochs.Dispose();
        _salts.Dispose();
    }
}
