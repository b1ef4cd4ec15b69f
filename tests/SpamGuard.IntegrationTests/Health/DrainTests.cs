using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Server.Health;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Health;

/// <summary>The end of a process: unready at once, listening for as long as it is told.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InProcessSignalStore _store;
    private readonly EpochKeeper _epochs;
    private readonly Readiness _readiness;
    private readonly ConnectionEnd _connections;

    public DrainTests()
    {
        _store = new InProcessSignalStore(_time);
        _epochs = Epochs();
        _connections = new ConnectionEnd(_time);
        _readiness = new Readiness(_epochs, new StoreClock(_time));
    }

    public void Dispose() => _epochs.Dispose();

    [Fact]
    public async Task Stopping_WithADelay_IsUnreadyAtOnceAndWaits()
    {
        var stopping = Drain(TimeSpan.FromSeconds(5)).StoppingAsync(CancellationToken.None);

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
        Assert.False(_connections.IsTimeForAll); // balancers have yet to take note
        _time.Advance(TimeSpan.FromSeconds(2.5));
        await Poll.UntilAsync(() => Task.FromResult(_connections.IsTimeForAll)).DefaultTimeout();
        Assert.False(stopping.IsCompleted);
        await Poll.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2.5));
            return Task.FromResult(stopping.IsCompleted);
        }).DefaultTimeout();
        await stopping.DefaultTimeout();
    }

    [Fact]
    public async Task Stopping_WithoutADelay_EndsAtOnce()
    {
        await Drain(TimeSpan.Zero).StoppingAsync(CancellationToken.None).DefaultTimeout();

        Assert.False(_connections.IsTimeForAll); // as k8s/CONFIGURATION.md says: calls may be lost then
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
    }

    [Fact]
    public async Task Readiness_BeforeADrain_IsHealthy() => Assert.Equal(HealthStatus.Healthy, await StatusAsync());

    [Fact]
    public async Task Readiness_LiveEpochOfAPepperThatIsMissing_IsUnhealthy()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        using var others = Epochs();
        await others.RefreshAsync(now, CancellationToken.None).DefaultTimeout();

        await Assert.ThrowsAsync<PepperMissingException>(async () => await _epochs.RefreshAsync(now, CancellationToken.None));

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
    }

    [Fact]
    public async Task Readiness_EpochRolledUnderAPepperThatIsMissing_IsUnhealthy()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        await _epochs.RefreshAsync(now, CancellationToken.None).DefaultTimeout();
        var epoch = new EpochCalendar().At(RetentionClass.Address, now);
        var other = new EpochRecord(Generation: 2, PepperId: 1, new byte[EpochRecord.SaltSize]);
        await _store.EpochAsync(epoch, other, new EpochCalendar().End(epoch), CancellationToken.None).DefaultTimeout();

        await Assert.ThrowsAsync<PepperMissingException>(async () => await _epochs.RefreshAsync(now, CancellationToken.None));

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
    }

    private EpochKeeper Epochs() => new(
        _store, PepperRing.ForThisRun(), new EpochCalendar(), new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())));

    private Drain Drain(TimeSpan delay) =>
        new(_readiness, _connections, Options.Create(new DrainOptions { Delay = delay }), _time, NullLogger<Drain>.Instance);

    private async Task<HealthStatus> StatusAsync() => (await _readiness.CheckHealthAsync(new HealthCheckContext())).Status;
}
