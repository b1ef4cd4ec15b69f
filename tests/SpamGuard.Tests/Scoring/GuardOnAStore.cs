using System.Text;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
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
using SpamGuard.Tests.Epochs;

namespace SpamGuard.Tests.Scoring;

/// <summary>The product on a clock that stands and a store that can be taken away. No service runs.</summary>
internal sealed class GuardOnAStore : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    /// <param name="policy">The policy; <c>null</c> for the default.</param>
    /// <param name="beside">Another process, whose store and pepper this one shares; its clock is its own.</param>
    public GuardOnAStore(Policy? policy = null, GuardOnAStore? beside = null)
    {
        Real = beside?.Real ?? new InProcessSignalStore(Time);
        Store = new SwitchedStore(Real);
        Clock = new StoreClock(Time);
        Health = new StoreHealth(Time, Clock);
        var metrics = Metrics.WithCustomRegistry(_registry);
        var calendar = new EpochCalendar();
        Peppers = beside?.Peppers ?? PepperRing.ForThisRun();
        Epochs = new EpochKeeper(Store, Peppers, calendar, new EpochMetrics(metrics));
        Salts = new LocalEpochs(Peppers, calendar);
        Tokens = new DecisionTokens(Epochs, Salts, calendar, Clock);
        Aggregates = new TrafficAggregates(new AggregateMetrics(metrics));
        Policies = new PolicySource(policy ?? Policy.Default);
        var tags = LiveTags.None();
        var scoring = new ScoringMetrics(metrics);
        Overrides = new LiveOverrides(Clock);
        var degraded = new DegradedScorer(Health, Clock, Overrides, Aggregates, scoring);
        Scorer = new SpamScorer(Store, Epochs, Salts, Clock, Health, tags, Overrides, Aggregates, Policies, scoring, degraded);
        Previewer = new SpamPreviewer(Store, Epochs, Salts, Clock, Health, tags, Overrides, Tokens, Aggregates, Policies, scoring, degraded);
        Feedback = new FeedbackRecorder(Store, Epochs, Clock, Tokens, Aggregates, Policies, new FeedbackMetrics(metrics));
    }

    public FakeTimeProvider Time { get; } = new(Events.Start);

    /// <summary>What stands for the real store.</summary>
    public InProcessSignalStore Real { get; }

    public SwitchedStore Store { get; }

    public StoreHealth Health { get; }

    public StoreClock Clock { get; }

    public PepperRing Peppers { get; }

    public EpochKeeper Epochs { get; }

    public LocalEpochs Salts { get; }

    public TrafficAggregates Aggregates { get; }

    public DecisionTokens Tokens { get; }

    public LiveOverrides Overrides { get; }

    public PolicySource Policies { get; }

    public SpamScorer Scorer { get; }

    public SpamPreviewer Previewer { get; }

    public FeedbackRecorder Feedback { get; }

    /// <summary>A guard that knows its salts.</summary>
    public static async Task<GuardOnAStore> ReadyAsync(Policy? policy = null)
    {
        var guard = new GuardOnAStore(policy);
        await guard.Epochs.RefreshAsync(guard.Clock.Now, default);
        return guard;
    }

    public void TakeStoreAway() => Store.Inner = null;

    public void GiveStoreBack() => Store.Inner = Real;

    public async Task<Assessment> ScoreAsync(SpamEvent spamEvent, Guid? requestId = null) =>
        Answered(await Scorer.ScoreAsync(spamEvent, "test", requestId, default));

    public async Task<Assessment> PreviewAsync(SpamEvent spamEvent) => Answered(await Previewer.PreviewAsync(spamEvent, "test", default));

    public async Task<ScoreOutcome> PreviewAsync(string token) => await Previewer.PreviewAsync(token, "test", default);

    /// <summary>Scores an event some times; the last answer.</summary>
    public async Task<Assessment> BurstAsync(SpamEvent spamEvent, int times)
    {
        Assessment? last = null;
        for (var i = 0; i < times; i++)
        {
            last = await ScoreAsync(spamEvent);
        }

        return last!;
    }

    public async Task<string> MetricsAsync()
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        return Encoding.UTF8.GetString(page.ToArray());
    }

    public void Dispose()
    {
        Epochs.Dispose();
        Salts.Dispose();
    }

    private static Assessment Answered(ScoreOutcome outcome)
    {
        Assert.Equal(ScoreFailure.None, outcome.Failure);
        return outcome.Assessment!;
    }
}
