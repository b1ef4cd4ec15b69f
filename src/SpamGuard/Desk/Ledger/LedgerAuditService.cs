using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Desk.Ledger;

/// <summary>
/// Verifies the whole ledger, every signature in it too, once it is opened and every hour, and looks twice a minute whether it is as long as it was left. Where it is
/// not as it must be, no act is begun any more.
/// </summary>
internal sealed partial class LedgerAuditService(DeskLedger ledger, LedgerMetrics metrics, TimeProvider time, ILogger<LedgerAuditService> logger) : BackgroundService
{
    /// <summary>How often all of it is read.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>How often its length is looked at.</summary>
    public static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(LookPeriod, time);
        long? verified = null;
        try
        {
            do
            {
                ledger.CountUnknowns();
                if (!await ledger.LookAsync())
                {
                    return; // it has said why
                }

                if (verified is null || time.GetElapsedTime(verified.Value) >= Period)
                {
                    verified = time.GetTimestamp();
                    if (Fault(stoppingToken) is { } fault)
                    {
                        ledger.Distrust(fault);
                        return;
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Between two looks, or in one: what is not verified is not said to be.
        }
    }

    // Up to where the ledger was when this began: what is appended meanwhile may be there in part. What others append behind it, its length tells.
    private string? Fault(CancellationToken cancellationToken)
    {
        var since = ledger.Head;
        try
        {
            using var file = LedgerFile.OpenToRead(ledger.FilePath);
            var found = LedgerVerification.UpTo(file, since, cancellationToken);
            if (found.Fault is null)
            {
                metrics.Verified(time.GetUtcNow());
            }

            return found.Fault;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return LedgerFile.Gone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody has changed it, as far as is known: the age of the last verification tells.
            Log.Unreadable(logger, e.GetType().Name);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.LedgerUnreadable,
            LogLevel.Error,
            "The ledger can't be read to verify it ({ExceptionType}); that is tried again in an hour",
            EventName = nameof(EventIds.LedgerUnreadable))]
        public static partial void Unreadable(ILogger logger, string exceptionType);
    }
}
