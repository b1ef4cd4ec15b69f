using Microsoft.Extensions.Options;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Health;

/// <summary>
/// Between SIGTERM and the end: unready first, then a wait in which calls are still taken, and only then does the host stop its listeners. In the first
/// half of the wait balancers take note; in the second every connection that is in use ends with its next call, and its caller goes elsewhere.
/// </summary>
internal sealed class Drain(Readiness readiness, ConnectionEnd connections, IOptions<DrainOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        var delay = options.Value.Delay;
        if (delay == TimeSpan.Zero)
        {
            return;
        }

        ServerLog.Draining(logger, delay.TotalSeconds);
        await Task.Delay(delay / 2, time, cancellationToken);
        connections.All();
        await Task.Delay(delay / 2, time, cancellationToken);
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
