using System.Diagnostics;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Storage;

/// <summary>The span of a call to the store. Here alone does anybody listen, so where nobody does can be looked at as well.</summary>
public sealed class StoreTripTests
{
    private readonly List<Activity> _ended = [];
    private readonly StoreResilience _store = new(
        Options.Create(new SignalStoreOptions { Topology = SignalTopology.Cluster }), new StoreMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), TimeProvider.System);

    [Fact]
    public void Begin_NobodyListens_IsNothingAndAllocatesNothing()
    {
        Assert.Null(StoreTrip.Begin("observe", SignalTopology.Standalone));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            using var trip = StoreTrip.Begin(StoreOperation.Observe.Name(), SignalTopology.Standalone);
            trip.Failed(StoreFailure.Timeout.Name());
            Traces.Current?.SetTag("x", 1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task RunAsync_OutsideOfACall_HasNoSpan()
    {
        using var listener = Listen();

        await RunAsync(() => Task.FromResult(7));

        Assert.Empty(_ended);
    }

    [Fact]
    public async Task RunAsync_WithinACall_HasASpanBelowIt()
    {
        using var listener = Listen();
        using var call = Traces.Source.StartActivity("call")!;

        await RunAsync(async () =>
        {
            await Task.Yield();
            return 7;
        });

        var trip = Assert.Single(_ended);
        Assert.Same(call, Activity.Current);
        Assert.Equal((call.SpanId, ActivityKind.Client, ActivityStatusCode.Unset, "observe"), (trip.ParentSpanId, trip.Kind, trip.Status, trip.DisplayName));
        Assert.Equal(
            [new("db.system.name", "redis"), new("db.operation.name", "observe"), new("spamguard.store.topology", "cluster")],
            trip.TagObjects);
    }

    [Theory]
    [InlineData(StoreFailure.Refused, "refused")]
    [InlineData(StoreFailure.Unavailable, "unavailable")]
    public async Task RunAsync_Fails_SaysHowAndNothingOfTheException(object failure, string expected)
    {
        using var listener = Listen();
        using var call = Traces.Source.StartActivity("call")!;

        await Assert.ThrowsAsync<StoreException>(() => RunAsync(() => Task.FromException<int>(new StoreException((StoreFailure)failure, "hunter2"))));

        var trip = Assert.Single(_ended);
        Assert.Equal((ActivityStatusCode.Error, null, expected), (trip.Status, trip.StatusDescription, trip.GetTagItem("error.type")));
        Assert.Empty(trip.Events);
    }

    [Fact]
    public async Task RunAsync_CallerLeaves_IsCancelled()
    {
        using var listener = Listen();
        using var call = Traces.Source.StartActivity("call")!;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(static () => new TaskCompletionSource<int>().Task, new CancellationToken(canceled: true)));

        Assert.Equal("cancelled", Assert.Single(_ended).GetTagItem("error.type"));
    }

    [Theory]
    [InlineData(SignalTopology.Standalone, "standalone")]
    [InlineData(SignalTopology.Sentinel, "sentinel")]
    [InlineData(SignalTopology.Cluster, "cluster")]
    public void Begin_EveryTopology_HasAName(object topology, string expected)
    {
        using var listener = Listen();
        using var call = Traces.Source.StartActivity("call")!;
        using var trip = StoreTrip.Begin("read", (SignalTopology)topology);

        Assert.Equal(expected, trip!.GetTagItem("spamguard.store.topology"));
    }

    // Of trips only: the call of a test ends after it was looked at.
    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Traces.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Task<int> RunAsync(Func<Task<int>> call, CancellationToken cancellationToken = default) =>
        _store.RunAsync(StoreOperation.Observe, static (call, _) => new ValueTask<int>(call()), call, cancellationToken).AsTask();
}
