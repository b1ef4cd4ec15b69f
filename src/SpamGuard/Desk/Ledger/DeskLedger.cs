using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Ledger;

/// <summary>
/// The ledger of everything privileged that the desk does: append-only, each entry with the hash of the one before and signed. An act is entered before
/// it is begun and again when it is over, each on the disk before anything else happens: so nothing is done without an entry.
/// </summary>
/// <remarks>Scoring never waits for it. What it holds is told to the books (<see cref="ILedgerBook"/>), which are all the state that the desk has.</remarks>
internal sealed partial class DeskLedger : IDisposable
{
    private readonly SemaphoreSlim _lock = new(1, 1);
    private readonly LedgerUnknowns _unknowns = new();
    private readonly TimeProvider _time;
    private readonly LedgerMetrics _metrics;
    private readonly ILogger<DeskLedger> _logger;
    private readonly string? _folderOfThisRun;
    private readonly LedgerKey? _key;
    private readonly LedgerJournal _journal;
    private int _isDistrusted;

    /// <summary>Opens the ledger, tells the books what is in it, and enters what a crash left open.</summary>
    /// <exception cref="LedgerException">It can't be opened, or is not as it must be; the message names the key of the configuration.</exception>
    public DeskLedger(IOptions<LedgerOptions> options, IEnumerable<ILedgerBook> books, TimeProvider time, LedgerMetrics metrics, ILogger<DeskLedger> logger)
    {
        (_time, _metrics, _logger) = (time, metrics, logger);
        var folder = options.Value.Path;
        if (string.IsNullOrEmpty(folder))
        {
            folder = _folderOfThisRun = Directory.CreateTempSubdirectory("spamguard-ledger-").FullName;
            Log.OfThisRun(logger);
        }

        try
        {
            var opening = new LedgerOpening(options.Value, folder, logger);
            _key = opening.Key();
            _journal = opening.Open([.. books, _unknowns], time, metrics, _key);
        }
        catch
        {
            _key?.Dispose();
            Forget();
            throw;
        }

        CountUnknowns();
    }

    /// <summary>The last entry, signed.</summary>
    public LedgerHead Head => _journal.Head!;

    /// <summary>Whether it is as it must be, as far as is known; once it is not, no act is begun any more.</summary>
    public bool IsSound => Volatile.Read(ref _isDistrusted) == 0;

    /// <summary>The ledger's file, for whoever verifies it.</summary>
    public string FilePath => _journal.FilePath;

    /// <summary>Does something: enters that it is about to be done, does it, enters what became of it.</summary>
    /// <param name="act">What it is.</param>
    /// <param name="by">Whose doing it is.</param>
    /// <param name="intent">What is entered before; no address, no token.</param>
    /// <param name="perform">Does it. It gets the first entry. What it throws is thrown on once it is entered: as unknown where an <see cref="IFailedAct"/> or a <see cref="StoreException"/> says that it may be done, and else as a failure. Nobody cancels it: what is entered is done to its end.</param>
    /// <param name="check">Asked right before the first entry, while no other can come between: throws where it must not be begun. Then nothing is entered. It gets the time of that entry: what is allowed until a moment has no entry of a later one.</param>
    /// <exception cref="LedgerException">It is not begun; or it may be done, and is not answered.</exception>
    public async Task<T> ActAsync<T>(LedgerAct act, LedgerActor by, JsonObject intent, Func<LedgerEntry, Task<Acted<T>>> perform, Action<DateTimeOffset>? check = null)
    {
        var begun = await AppendAsync(LedgerPhase.Intent, act, null, by, intent, check);
        Acted<T> acted;
        try
        {
            acted = await perform(begun);
        }
        catch (Exception e)
        {
            var failed = e as IFailedAct;
            var mayBeDone = failed?.MayBeDone ?? e is StoreException { MayBeDone: true };
            await EndAsync(begun, by, failed?.Outcome ?? [], mayBeDone ? LedgerEntry.Unknown : LedgerEntry.Failed);
            CountUnknowns();
            throw;
        }

        await EndAsync(begun, by, acted.Outcome, LedgerEntry.Done);
        return acted.Result;
    }

    /// <summary>Enters something that has no halves.</summary>
    /// <param name="act">What it is.</param>
    /// <param name="by">Whose doing it is; <c>null</c> for the desk's own.</param>
    /// <param name="data">What is said of it; no address, no token.</param>
    /// <param name="check">As in <see cref="ActAsync"/>.</param>
    /// <exception cref="LedgerException">It can't be entered.</exception>
    public Task<LedgerEntry> NoteAsync(LedgerAct act, LedgerActor? by, JsonObject data, Action<DateTimeOffset>? check = null) =>
        AppendAsync(LedgerPhase.Note, act, null, by, data, check);

    /// <summary>Begins no act any more: the file is not what was written.</summary>
    /// <param name="fault">In what way; it is logged, once.</param>
    public void Distrust(string fault)
    {
        _journal.Distrust(fault);
        if (Interlocked.Exchange(ref _isDistrusted, 1) == 0)
        {
            _metrics.Unsound();
            Log.Unsound(_logger, fault);
        }
    }

    /// <summary>Looks whether the file is as long as what was written, and where it was: cheap, and found without an act.</summary>
    /// <returns>Whether acts may be begun, as far as that tells.</returns>
    public async Task<bool> LookAsync()
    {
        await _lock.WaitAsync();
        try
        {
            _journal.DemandTrust();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TellDistrust();
            return false;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Says how many outcomes are unknown, of late.</summary>
    public void CountUnknowns() => _metrics.Unknown(_unknowns.Since(_time.GetUtcNow().AddDays(-7)));

    /// <summary>Closes it. What is being appended is appended first; what comes later is refused.</summary>
    public void Dispose()
    {
        _lock.Wait();
        _journal.Dispose();
        _key!.Dispose();
        Forget();
        _lock.Release();
    }

    private async Task EndAsync(LedgerEntry begun, LedgerActor by, JsonObject data, string result)
    {
        var outcome = new JsonObject { [LedgerEntry.ResultName] = result };
        foreach (var (name, value) in data)
        {
            outcome[name] = value?.DeepClone();
        }

        await AppendAsync(LedgerPhase.Outcome, begun.Act, begun.Seq, by, outcome, check: null);
    }

    private async Task<LedgerEntry> AppendAsync(LedgerPhase phase, LedgerAct act, long? intent, LedgerActor? by, JsonObject data, Action<DateTimeOffset>? check)
    {
        await _lock.WaitAsync();
        try
        {
            var now = _time.GetUtcNow();
            check?.Invoke(now);
            return _journal.Append(now, phase, act, intent, by, data, _key!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _metrics.WriteFailed();
            Log.NotWritten(_logger, LedgerNames.Of(phase), LedgerNames.Of(act), e.Message);
            TellDistrust();
            throw phase == LedgerPhase.Outcome
                ? new LedgerException(LedgerFailure.OutcomeUnwritten, "What became of it can't be entered in the ledger, so it is not answered. It may have been done.")
                : new LedgerException(LedgerFailure.Unwritable, "It can't be entered in the ledger, so it is not done.");
        }
        finally
        {
            _lock.Release();
        }
    }

    private void TellDistrust()
    {
        if (_journal.Fault is { } fault)
        {
            Distrust(fault);
        }
    }

    private void Forget()
    {
        if (_folderOfThisRun is not null && Directory.Exists(_folderOfThisRun))
        {
            Directory.Delete(_folderOfThisRun, recursive: true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.LedgerOfThisRun,
            LogLevel.Warning,
            "Ledger:Path is not set, so a ledger and a key were made for this run only: what the desk does is forgotten when the process ends",
            EventName = nameof(EventIds.LedgerOfThisRun))]
        public static partial void OfThisRun(ILogger logger);

        [LoggerMessage(
            EventIds.LedgerNotWritten,
            LogLevel.Error,
            "The ledger can't be written ({Phase} of {Act}): {Reason}",
            EventName = nameof(EventIds.LedgerNotWritten))]
        public static partial void NotWritten(ILogger logger, string phase, string act, string reason);

        [LoggerMessage(
            EventIds.LedgerUnsound,
            LogLevel.Critical,
            "The ledger is not as it must be, and nothing is entered any more, nor done, until the desk is restarted: {Fault}",
            EventName = nameof(EventIds.LedgerUnsound))]
        public static partial void Unsound(ILogger logger, string fault);
    }
}
