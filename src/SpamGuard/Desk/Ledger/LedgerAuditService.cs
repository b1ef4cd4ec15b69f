using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Desk.Ledger;

/// <summary>Verifies the whole ledger, every signature in it too, once it is opened and every hour. Where it is not as it must be, no act is begun any more.</summary>
internal sealed partial class LedgerAuditService(DeskLedger ledger, LedgerMetrics metrics, TimeProvider time, ILogger<LedgerAuditService> logger) : BackgroundService
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            ledger.CountUnknowns();
            var found = Verify(stoppingToken);
            if (found is { Fault: null })
            {
                metrics.Verified(isSound: true, time.GetUtcNow());
            }
            else
            {
                ledger.Distrust();
                Log.Unsound(logger, found.Fault);
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Up to where the ledger was when this began: what is appended meanwhile may be there in part.
    private LedgerVerification Verify(CancellationToken cancellationToken)
    {
        var since = ledger.Head;
        try
        {
            using var file = LedgerFile.OpenToRead(ledger.FilePath);
            return LedgerVerification.UpTo(file, since, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new LedgerVerification(0, $"it can't be read ({e.GetType().Name})", Head: null, Open: [], Unknown: 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.LedgerUnsound,
            LogLevel.Critical,
            "The ledger is not as it must be, and nothing is entered any more, nor done: {Fault}",
            EventName = nameof(EventIds.LedgerUnsound))]
        public static partial void Unsound(ILogger logger, string fault);
    }
}
