using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>Keeps salts and clock up to date while the process runs. Its calls tell an outage's end where there are no others.</summary>
internal sealed partial class EpochService(
    ISignalStore store,
    EpochKeeper epochs,
    StoreClock clock,
    StoreHealth health,
    EpochMetrics metrics,
    EpochPace pace,
    TimeProvider time,
    ILogger<EpochService> logger)
    : BackgroundService
{
    // Until the salts are known nothing can be scored, so a store that comes up late is asked more often.
    private static readonly TimeSpan FirstPeriod = TimeSpan.FromMilliseconds(250);

    // What could not be read may be a roll, and every process is to follow that within five seconds.
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    // One late answer is no outage: a process' very first call is often one.
    private const int FailuresToSpeakOf = 2;

    private int _failures;
    private bool _skewed;
    private bool _malformed;
    private HashSet<EpochId> _pepperMissing = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var nextMeasure = long.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            epochs.Expire(clock.LatestNow);
            try
            {
                if (time.GetTimestamp() >= nextMeasure || _failures > 0) // what answers after a failure may be another store
                {
                    await MeasureAsync(stoppingToken);
                    nextMeasure = time.GetTimestamp() + (long)(pace.MeasurePeriod.TotalSeconds * time.TimestampFrequency);
                }

                await RefreshAsync(stoppingToken);
                Recovered();
            }
            catch (StoreException e) when (e.Failure == StoreFailure.Malformed)
            {
                Malformed(e.Message);
            }
            catch (StoreException e)
            {
                Failed(e.Failure);
            }
            catch (PepperMissingException)
            {
                Answered();
                Recovered();
            }

            TellMissing();
            var wait = epochs.Live(clock.Now) is null ? FirstPeriod : _failures > 0 ? RetryPeriod : pace.RefreshPeriod;
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Under a skewed clock the salts are still read, for a roll must reach this process too; by the store's clock, and without writing any.
    private async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (clock.IsSkewed)
        {
            health.Failed(); // it answers, and can't be used
            await epochs.AdoptAsync(clock.Now, cancellationToken);
        }
        else
        {
            await epochs.RefreshAsync(clock.Now, cancellationToken);
        }

        Answered();
    }

    private void Answered()
    {
        if (!clock.IsSkewed)
        {
            health.Answered();
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await clock.MeasureAsync(store, cancellationToken);
        metrics.Offset(clock);
        if (clock.IsSkewed && !_skewed)
        {
            Log.ClockSkewed(logger, clock.OffsetMilliseconds, (long)StoreClock.MaxOffset.TotalMilliseconds);
        }
        else if (_skewed && !clock.IsSkewed)
        {
            Log.ClockRight(logger, clock.OffsetMilliseconds);
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

    // The store answers; what stands there is not ours to overwrite. Whoever knows the salt goes on under it.
    private void Malformed(string fault)
    {
        if (!_malformed)
        {
            Log.Malformed(logger, fault);
        }

        _malformed = true;
    }

    // One line for what one file mends. That of the next epoch is told ten minutes before it begins, while there is time to bring the file.
    private void TellMissing()
    {
        var missing = epochs.MissingPeppers;
        if (missing.FirstOrDefault(fault => !_pepperMissing.Contains(fault.Epoch)) is { } fault)
        {
            Log.PepperMissing(logger, fault.Message);
        }

        _pepperMissing = [.. missing.Select(static fault => fault.Epoch)];
    }

    private void Recovered()
    {
        if (_failures >= FailuresToSpeakOf)
        {
            Log.RefreshRecovered(logger);
        }

        _failures = 0;
        _malformed = false;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.EpochRefreshFailed, LogLevel.Warning, "Salts could not be read from the store ({Failure}); what is known stays in force.", EventName = "EpochRefreshFailed")]
        public static partial void RefreshFailed(ILogger logger, StoreFailure failure);

        [LoggerMessage(EventIds.EpochRefreshRecovered, LogLevel.Information, "Salts are read from the store again.", EventName = "EpochRefreshRecovered")]
        public static partial void RefreshRecovered(ILogger logger);

        [LoggerMessage(EventIds.PepperMissing, LogLevel.Error, "{Fault}", EventName = "PepperMissing")]
        public static partial void PepperMissing(ILogger logger, string fault);

        [LoggerMessage(EventIds.EpochRecordMalformed, LogLevel.Error, "{Fault}", EventName = "EpochRecordMalformed")]
        public static partial void Malformed(ILogger logger, string fault);

        [LoggerMessage(EventIds.ClockRight, LogLevel.Information, "The store's clock is {OffsetMilliseconds} ms from this process': near enough, and what is counted is written again.", EventName = "ClockRight")]
        public static partial void ClockRight(ILogger logger, long offsetMilliseconds);

        [LoggerMessage(EventIds.ClockSkewed, LogLevel.Error, "The store's clock is {OffsetMilliseconds} ms from this process', more than {MaxMilliseconds}: nothing is written until that is mended.", EventName = "ClockSkewed")]
        public static partial void ClockSkewed(ILogger logger, long offsetMilliseconds, long maxMilliseconds);
    }
}
