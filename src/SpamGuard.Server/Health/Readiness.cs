using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SpamGuard.Server.Health;

/// <summary>
/// Ready from the start until the process drains. Configuration and pepper are checked before anything listens, and a store that is away does not
/// make a process unready: with every process unready, callers would get nothing instead of a failure that they can tell.
/// </summary>
internal sealed class Readiness : IHealthCheck
{
    private volatile bool _draining;

    /// <summary>Unready from now on.</summary>
    public void Drain() => _draining = true;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_draining ? HealthCheckResult.Unhealthy("draining") : HealthCheckResult.Healthy());
}
