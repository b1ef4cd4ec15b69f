using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>Keeps salts and clock up to date while the process runs. Its calls tell an outage's end where there are no others.</summary>
internal sealed partial class EpochService(
    ISignalStore store, EpochKeeper epochs, StoreClock clock, StoreHealth health, EpochMetrics metrics, TimeProvider time, ILogger<EpochService> logger)
    : BackgroundService
{
    /// <summary>How often the salts are read again.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    // Until the salts are known nothing can be scored, so a store that comes up late is asked more often.
    private static readonly TimeSpan FirstPeriod = TimeSpan.FromMilliseconds(250);

    // One late answer is no outage: a process' very first call is often one.
    private const int FailuresToSpeakOf = 2;

    private int _failures;
    private bool _skewed;
    private bool _pepperMissing;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var nextMeasure = long.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            epochs.Expire(clock.Now);
            try
            {
                if (time.GetTimestamp() >= nextMeasure)
                {
                    await MeasureAsync(stoppingToken);
                    nextMeasure = time.GetTimestamp() + (long)(StoreClock.MeasurePeriod.TotalSeconds * time.TimestampFrequency);
                }

                if (clock.IsSkewed)
                {
                    health.Failed(); // it answers, and can't be used
                }
                else
                {
                    await epochs.RefreshAsync(clock.Now, stoppingToken);
                    health.Answered();
                }

                Recovered();
            }
            catch (StoreException e)
            {
                Failed(e.Failure);
            }
            catch (PepperMissingException e)
            {
                Missing(e);
            }

            await Task.Delay(epochs.Live(clock.Now) is null ? FirstPeriod : Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await clock.MeasureAsync(store, cancellationToken);
        metrics.Offset(clock.OffsetMilliseconds);
        if (clock.IsSkewed && !_skewed)
        {
            Log.ClockSkewed(logger, clock.OffsetMilliseconds, (long)StoreClock.MaxOffset.TotalMilliseconds);
        }

        _skewed = clock.IsSkewed;
    }

    private void Failed(StoreFailure failure)
    {
        health.Failed();
        if (++_failures == FailuresToSpeakOf)
        {
            Log.RefreshFailed(logger, failure);
        }
    }

    private void Missing(PepperMissingException fault)
    {
        if (!_pepperMissing)
        {
            Log.PepperMissing(logger, fault.Message);
        }

        _pepperMissing = true;
    }

    private void Recovered()
    {
        if (_failures >= FailuresToSpeakOf)
        {
            Log.RefreshRecovered(logger);
        }

        _failures = 0;
        _pepperMissing = false;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.EpochRefreshFailed, LogLevel.Warning, "Salts could not be read from the store ({Failure}); what is known stays in force.", EventName = "EpochRefreshFailed")]
        public static partial void RefreshFailed(ILogger logger, StoreFailure failure);

        [LoggerMessage(EventIds.EpochRefreshRecovered, LogLevel.Information, "Salts are read from the store again.", EventName = "EpochRefreshRecovered")]
        public static partial void RefreshRecovered(ILogger logger);

        [LoggerMessage(EventIds.PepperMissing, LogLevel.Error, "{Fault}", EventName = "PepperMissing")]
        public static partial void PepperMissing(ILogger logger, string fault);

        [LoggerMessage(EventIds.ClockSkewed, LogLevel.Error, "The store's clock is {OffsetMilliseconds} ms from this process', more than {MaxMilliseconds}: nothing is written until that is mended.", EventName = "ClockSkewed")]
        public static partial void ClockSkewed(ILogger logger, long offsetMilliseconds, long maxMilliseconds);
    }
}
