using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Storage;

namespace SpamGuard.Aggregates;

/// <summary>Merges this process' aggregates with everybody's, every second.</summary>
internal sealed partial class AggregateService(
    ISignalStore store, TrafficAggregates aggregates, StoreClock clock, TimeProvider time, ILogger<AggregateService> logger) : BackgroundService
{
    /// <summary>How often they are merged.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private bool _failing;

    /// <summary>Merges a last time: what a stopping process counted is not lost.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Ends by returning: of a start that fails, the host would tell a cancelled service's exception as a fault of its own.
            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await FlushAsync(CancellationToken.None); // the store's budget bounds it
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (clock.IsSkewed)
        {
            return; // nothing is written until one of the two clocks is mended
        }

        try
        {
            await aggregates.FlushAsync(store, clock.Now, cancellationToken);
            if (_failing)
            {
                Log.Recovered(logger);
            }

            _failing = false;
        }
        catch (StoreException e)
        {
            if (!_failing)
            {
                Log.Failed(logger, e.Failure);
            }

            _failing = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AggregateFlushFailed, LogLevel.Warning, "Aggregates could not be merged with the store ({Failure}).", EventName = "AggregateFlushFailed")]
        public static partial void Failed(ILogger logger, StoreFailure failure);

        [LoggerMessage(EventIds.AggregateFlushRecovered, LogLevel.Information, "Aggregates are merged with the store again.", EventName = "AggregateFlushRecovered")]
        public static partial void Recovered(ILogger logger);
    }
}
