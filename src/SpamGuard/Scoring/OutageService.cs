using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Storage;

namespace SpamGuard.Scoring;

/// <summary>Tells operators of outages of the store, and lets local salts die on time.</summary>
internal sealed partial class OutageService(
    StoreHealth health, LocalEpochs salts, StoreClock clock, PolicySource policies, OutageMetrics metrics, TimeProvider time, ILogger<OutageService> logger)
    : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // One late answer is nothing to speak of.
    private const int FailuresToSpeakOf = 2;

    private StoreOutage? _told;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Look();
            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Look()
    {
        salts.Expire(clock.LatestNow);
        var outage = health.Outage;
        metrics.Is(outage is null ? TimeSpan.Zero : health.Age(outage), outage?.Memory.RecordCount ?? 0);
        if (_told is not null && outage != _told)
        {
            Log.Back(logger, time.GetElapsedTime(_told.Began, _told.LastFailed).TotalSeconds);
            _told = null;
        }

        if (outage is not null && _told is null && outage.Failures >= FailuresToSpeakOf)
        {
            var policy = policies.Current.Policy;
            Log.Away(logger, policy.SignUp.Failure.Answer, policy.Message.Failure.Answer);
            _told = outage;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.StoreAway,
            LogLevel.Warning,
            "The store is away. Until it is back sign-ups are answered by the failure answer {SignUp} and messages by {Message}.",
            EventName = "StoreAway")]
        public static partial void Away(ILogger logger, FailureAnswer signUp, FailureAnswer message);

        [LoggerMessage(EventIds.StoreBack, LogLevel.Information, "The store is back; it was away for {Seconds:0.0} s.", EventName = "StoreBack")]
        public static partial void Back(ILogger logger, double seconds);
    }
}
