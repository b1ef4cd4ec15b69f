using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Desk.Ledger;
using SpamGuard.Epochs;
using SpamGuard.Policies;

namespace SpamGuard.Desk.Observations;

/// <summary>
/// Notes in the ledger which policy is in force and which peppers are known, where that is not what it holds already. Both are mounted files that
/// others change: the desk says when it saw them changed, and scoring waits for neither.
/// </summary>
internal sealed partial class ObservationService(
    DeskLedger ledger, ObservationBook book, PolicyKeeper policies, PepperRing peppers, TimeProvider time, ILogger<ObservationService> logger)
    : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>How soon it tries again what could not be entered: not at every look, for the ledger logs each time.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private bool _isFailing;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                var isNoted = await LookAsync();
                await Task.Delay(isNoted ? Period : Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Between two looks.
        }
    }

    private async Task<bool> LookAsync()
    {
        try
        {
            var policy = policies.Status;
            await NoteAsync(LedgerAct.PolicyObserved, new JsonObject { ["revision"] = policy.InForce.Revision, ["is_file"] = policy.IsOfFile });
            var ids = peppers.Ids.Select(static id => id.ToString("x16", CultureInfo.InvariantCulture)).ToList();
            await NoteAsync(LedgerAct.PepperObserved, new JsonObject { ["newest"] = ids[0], ["ids"] = new JsonArray([.. ids.Select(static id => JsonValue.Create(id))]) });
            _isFailing = false;
            return true;
        }
        catch (LedgerException)
        {
            if (!_isFailing)
            {
                Log.NotNoted(logger, Pause.TotalSeconds);
            }

            _isFailing = true;
            return false;
        }
    }

    private async Task NoteAsync(LedgerAct act, JsonObject data)
    {
        if (!book.Holds(act, data))
        {
            await ledger.NoteAsync(act, by: null, data);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ObservationNotNoted,
            LogLevel.Error,
            "Another policy or other peppers were seen, and the ledger can't take that: it is tried again every {Seconds} seconds",
            EventName = nameof(EventIds.ObservationNotNoted))]
        public static partial void NotNoted(ILogger logger, double seconds);
    }
}
