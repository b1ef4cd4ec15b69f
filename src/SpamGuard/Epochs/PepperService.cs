using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>
/// Takes over what the mounted files of peppers hold, as long as the process runs. What can't be read changes nothing, nor does a ring without a
/// pepper that a live epoch names, for with that pepper the epoch would be lost, or may name, while that is not known. Such a ring is looked at
/// again every few seconds: the epoch ends, and the store tells what is live, without a change of any file.
/// </summary>
/// <param name="first">The first reading; <c>null</c> where nothing is mounted.</param>
/// <param name="ring">Takes the peppers.</param>
/// <param name="epochs">Knows which peppers are needed.</param>
/// <param name="clock">Tells what is live.</param>
/// <param name="metrics">What is told of it.</param>
/// <param name="logger">What is logged of it.</param>
internal sealed partial class PepperService(
    PepperReading? first, PepperRing ring, EpochKeeper epochs, StoreClock clock, PepperMetrics metrics, ILogger<PepperService> logger)
    : BackgroundService
{
    private string? _needed;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (first is null)
        {
            return Task.CompletedTask;
        }

        Warn(first.OpenToAll);
        return first.Watch.RunAsync(files => Take(files, first.IsFolder), stoppingToken);
    }

    private void Take(WatchedFiles files, bool isFolder)
    {
        if (!PepperFiles.TryRead(files, isFolder, out var peppers, out var fault))
        {
            _needed = null;
            Reject($"Found {fault}; allowed {PepperFiles.Allowed}.");
            return;
        }

        var ids = peppers.ConvertAll(PepperRing.Name);
        if (Needed(ids) is { } needed)
        {
            peppers.ForEach(static pepper => CryptographicOperations.ZeroMemory(pepper));
            first!.Watch.TellAgain();
            if (!string.Equals(needed, _needed, StringComparison.Ordinal)) // once for all the times that it is looked at
            {
                _needed = needed;
                Reject(needed);
            }

            return;
        }

        _needed = null;
        ring.Replace(peppers);
        metrics.Applied(ids.Count);
        Log.Applied(logger, ids.Count, $"{ids[0]:x16}");
        Warn([.. PepperFiles.OpenToAll(files)]);
    }

    // Why peppers without some of the ring's can't be taken; null where they can.
    private string? Needed(List<ulong> ids)
    {
        var now = clock.Now;
        foreach (var (epoch, pepperId) in epochs.NamedPeppers(now).Where(named => !ids.Contains(named.PepperId)))
        {
            return $"Pepper {pepperId:x16} is not among them, and the {epoch} names it until it is over.";
        }

        foreach (var pepperId in ring.Ids.Where(known => !ids.Contains(known) && !epochs.KnowsNamedPeppers(now)))
        {
            return $"Pepper {pepperId:x16} is not among them, and whether a live epoch names it can't be told before the store has told their salts.";
        }

        return null;
    }

    private void Reject(string fault)
    {
        metrics.Rejected();
        Log.Rejected(logger, fault);
    }

    private void Warn(IReadOnlyList<string> openToAll)
    {
        if (openToAll.Count > 0)
        {
            Log.OpenToAll(logger, string.Join(", ", openToAll));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.PeppersApplied,
            LogLevel.Information,
            "The mounted peppers were taken over: {Count}, and epochs that are made from now on use {NewestId}.",
            EventName = nameof(EventIds.PeppersApplied))]
        public static partial void Applied(ILogger logger, int count, string newestId);

        [LoggerMessage(
            EventIds.PeppersRejected,
            LogLevel.Error,
            "The mounted peppers can't be taken, and those before stay. {Fault}",
            EventName = nameof(EventIds.PeppersRejected))]
        public static partial void Rejected(ILogger logger, string fault);

        [LoggerMessage(
            EventIds.PepperOpenToAll,
            LogLevel.Warning,
            "Every user of this machine may read or write {Files}: mode 0400, or 0440 with this process' group, is enough.",
            EventName = nameof(EventIds.PepperOpenToAll))]
        public static partial void OpenToAll(ILogger logger, string files);
    }
}
