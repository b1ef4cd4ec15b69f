using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Health;

/// <summary>Between SIGTERM and the end: unready first, then a wait in which calls are still taken, and only then does the host stop its listeners.</summary>
internal sealed class Drain(Readiness readiness, IOptions<DrainOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        var delay = options.Value.Delay;
        if (delay == TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        ServerLog.Draining(logger, delay.TotalSeconds);
        return Task.Delay(delay, time, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
