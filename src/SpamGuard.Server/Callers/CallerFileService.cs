using Microsoft.Extensions.Options;
using SpamGuard.Server.Callers.Files;

namespace SpamGuard.Server.Callers;

/// <summary>Takes over what the files of certificates and callers hold, as long as the process runs. What can't be taken changes nothing.</summary>
internal sealed class CallerFileService(
    IOptions<TlsOptions> tls, IOptions<CallerOptions> callers, LiveCallers live, CallerMetrics metrics, ILogger<CallerFileService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.InForce(live.Current);
        return Task.WhenAll(
            RunAsync(CallerFiles.Tls, tls.Value.First, static (settings, read) => settings with { Tls = read }, stoppingToken),
            RunAsync(CallerFiles.Callers, callers.Value.First, static (settings, read) => settings with { Callers = new(read, settings.Callers) }, stoppingToken),
            RunAsync(CallerFiles.Denied, callers.Value.FirstDenied, static (settings, read) => settings with { Denied = read }, stoppingToken));
    }

    private Task RunAsync<T>(CallerFiles files, MountedReading<T>? first, Func<CallerSettings, T, CallerSettings> change, CancellationToken stop)
        where T : class => first is null ? Task.CompletedTask : first.RunAsync(
            read =>
            {
                live.Change(settings => change(settings, read));
                metrics.InForce(live.Current);
                metrics.Applied(files);
                ServerLog.CallerFilesApplied(logger, files, live.Current.Callers.Count, live.Current.Denied.Count);
            },
            faults =>
            {
                metrics.Rejected(files);
                ServerLog.CallerFilesRejected(logger, files, string.Join(' ', faults));
            },
            stop);
}
