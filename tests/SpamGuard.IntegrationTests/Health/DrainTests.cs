using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Server.Health;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Health;

/// <summary>The end of a process: unready at once, listening for as long as it is told.</summary>
public sealed class DrainTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Readiness _readiness = new();

    [Fact]
    public async Task Stopping_WithADelay_IsUnreadyAtOnceAndWaits()
    {
        var stopping = Drain(TimeSpan.FromSeconds(5)).StoppingAsync(CancellationToken.None);

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
        Assert.False(stopping.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));
        await stopping.DefaultTimeout();
    }

    [Fact]
    public async Task Stopping_WithoutADelay_EndsAtOnce()
    {
        await Drain(TimeSpan.Zero).StoppingAsync(CancellationToken.None).DefaultTimeout();

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
    }

    [Fact]
    public async Task Readiness_BeforeADrain_IsHealthy() => Assert.Equal(HealthStatus.Healthy, await StatusAsync());

    private Drain Drain(TimeSpan delay) =>
        new(_readiness, Options.Create(new DrainOptions { Delay = delay }), _time, NullLogger<Drain>.Instance);

    private async Task<HealthStatus> StatusAsync() => (await _readiness.CheckHealthAsync(new HealthCheckContext())).Status;
}
