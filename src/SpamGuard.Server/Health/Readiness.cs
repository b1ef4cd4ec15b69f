using Microsoft.Extensions.Diagnostics.HealthChecks;
using SpamGuard.Epochs;
using SpamGuard.Storage;

namespace SpamGuard.Server.Health;

/// <summary>
/// Ready from the start until the process drains. Configuration and pepper are checked before anything listens, and a store that is away does not
/// make a process unready: with every process unready, callers would get nothing instead of degraded answers. A store with a live epoch of a
/// pepper that this process does not have does: the fault is this process' own, and others can answer. Where there are no epochs, in a process that
/// only audits, that can't be.
/// </summary>
internal sealed class Readiness(EpochKeeper? epochs = null, StoreClock? clock = null) : IHealthCheck
{
    private volatile bool _draining;

    /// <summary>Unready from now on.</summary>
    public void Drain() => _draining = true;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _draining ? HealthCheckResult.Unhealthy("draining")
            : clock is not null && epochs?.LiveWithoutPepper(clock.Now) is not null ? HealthCheckResult.Unhealthy("pepper missing")
            : HealthCheckResult.Healthy());
}
