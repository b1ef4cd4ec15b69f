using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Storage;

public sealed class StoreResilienceTests
{
    private static readonly TimeSpan LongestPause = SignalStoreOptions.BreakerPause * (1 + SignalStoreOptions.BreakerJitter);

    private readonly FakeTimeProvider _clock = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly StoreResilience _store;

    public StoreResilienceTests() =>
        _store = new StoreResilience(Options.Create(new SignalStoreOptions()), new StoreMetrics(Metrics.WithCustomRegistry(_registry)), _clock);

    [Theory]
    [InlineData(StoreFailure.Timeout)]
    [InlineData(StoreFailure.Unavailable)]
    public async Task RunAsync_TwentyOutages_OpensTheCircuitAndClosesItAfterASuccess(object failure)
    {
        await FailAsync((StoreFailure)failure, SignalStoreOptions.BreakerMinimumThroughput);
        Assert.Equal(StoreFailure.CircuitOpen, (await FailureAsync((StoreFailure)failure)).Failure);
        Assert.Contains("spamguard_store_circuit_open 1", await ExportAsync(), StringComparison.Ordinal);

        _clock.Advance(LongestPause);

        Assert.Equal(7, await SucceedAsync());
        Assert.Equal(7, await SucceedAsync());
        Assert.Contains("spamguard_store_circuit_open 0", await ExportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Refusals_NeverOpenTheCircuit()
    {
        await FailAsync(StoreFailure.Refused, 3 * SignalStoreOptions.BreakerMinimumThroughput);

        Assert.Equal(7, await SucceedAsync());
    }

    [Fact]
    public async Task RunAsync_CallerLeavesATrialCall_LeavesTheCircuitOpen()
    {
        await FailAsync(StoreFailure.Unavailable, SignalStoreOptions.BreakerMinimumThroughput);
        _clock.Advance(LongestPause);
        using var leave = new CancellationTokenSource();
        var trial = RunAsync(_ => new TaskCompletionSource<int>().Task, leave.Token);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trial);
        Assert.Equal(StoreFailure.CircuitOpen, (await FailureAsync(StoreFailure.Unavailable)).Failure);
    }

    [Fact]
    public async Task RunAsync_NoAnswerWithinTheBudget_IsATimeout()
    {
        var call = RunAsync(_ => new TaskCompletionSource<int>().Task, default);
        _clock.Advance(new SignalStoreOptions().Budget - SignalStoreOptions.TimerLag - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(StoreFailure.Timeout, (await Assert.ThrowsAsync<StoreException>(() => call)).Failure);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    [InlineData(256, 4)]
    public async Task ObserveAsync_OfManyEvents_HasABudgetPerSixtyFour(int events, int budgets)
    {
        var silent = new ResilientSignalStore(new SilentStore(), _store);
        var call = silent.ObserveAsync(new ObservedEvent[events], default).AsTask();
        _clock.Advance((new SignalStoreOptions().Budget * budgets) - SignalStoreOptions.TimerLag - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(StoreFailure.Timeout, (await Assert.ThrowsAsync<StoreException>(() => call)).Failure);
    }

    [Fact]
    public async Task Metrics_BeforeAnyCall_HoldEverySeriesAtZero()
    {
        var text = await ExportAsync();

        Assert.All(
            ["observe", "report", "read", "epoch", "add", "time"],
            operation => Assert.Contains($"spamguard_store_duration_seconds_count{{operation=\"{operation}\"}} 0", text, StringComparison.Ordinal));
        Assert.All(
            ["timeout", "unavailable", "circuit_open", "refused", "malformed"],
            kind => Assert.Contains($"spamguard_store_errors_total{{kind=\"{kind}\"}} 0", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_AfterCalls_CountThemAndTheirFailures()
    {
        await SucceedAsync();
        await FailureAsync(StoreFailure.Refused);

        var text = await ExportAsync();

        Assert.Contains("spamguard_store_duration_seconds_count{operation=\"observe\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("spamguard_store_errors_total{kind=\"refused\"} 1", text, StringComparison.Ordinal);
    }

    private async Task<string> ExportAsync()
    {
        using var stream = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private Task<int> SucceedAsync() => RunAsync(_ => Task.FromResult(7), default);

    private async Task FailAsync(StoreFailure failure, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(failure, (await FailureAsync(failure)).Failure);
        }
    }

    private Task<StoreException> FailureAsync(StoreFailure failure) =>
        Assert.ThrowsAsync<StoreException>(() => RunAsync(_ => Task.FromException<int>(new StoreException(failure, "As asked.")), default));

    private Task<int> RunAsync(Func<CancellationToken, Task<int>> call, CancellationToken cancellationToken) =>
        _store.RunAsync(StoreOperation.Observe, static (call, token) => new ValueTask<int>(call(token)), call, cancellationToken).AsTask();
}
