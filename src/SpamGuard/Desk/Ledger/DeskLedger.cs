using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SpamGuard.Desk.Ledger;

/// <summary>
/// The ledger of everything privileged that the desk does: append-only, each entry with the hash of the one before and signed. An act is entered before
/// it is begun and again when it is over, each on the disk before anything else happens: so nothing is done without an entry.
/// </summary>
/// <remarks>Scoring never waits for it. What it holds is told to the books (<see cref="ILedgerBook"/>), which are all the state that the desk has.</remarks>
internal sealed partial class DeskLedger : IDisposable
{
    // A power cut may leave a line's length on the disk without all of its bytes: the file system answers zeros for them, which no entry holds.
    private const int ZerosOfAPowerCut = 16;

    private readonly SemaphoreSlim _lock = new(1, 1);
    private readonly LedgerChain _chain = new();
    private readonly LedgerUnknowns _unknowns = new();
    private readonly IReadOnlyList<ILedgerBook> _books;
    private readonly TimeProvider _time;
    private readonly LedgerMetrics _metrics;
    private readonly ILogger<DeskLedger> _logger;
    private readonly string? _folderOfThisRun;
    private readonly LedgerFile _file;
    private LedgerKey _key;
    private LedgerHead? _head;

    /// <summary>Opens the ledger, tells the books what is in it, and enters what a crash left open.</summary>
    /// <exception cref="LedgerException">It can't be opened, or is not as it must be; the message names the key of the configuration.</exception>
    public DeskLedger(IOptions<LedgerOptions> options, IEnumerable<ILedgerBook> books, TimeProvider time, LedgerMetrics metrics, ILogger<DeskLedger> logger)
    {
        (_books, _time, _metrics, _logger) = ([.. books, _unknowns], time, metrics, logger);
        var folder = options.Value.Path;
        if (string.IsNullOrEmpty(folder))
        {
            folder = _folderOfThisRun = Directory.CreateTempSubdirectory("spamguard-ledger-").FullName;
            Log.OfThisRun(logger);
        }

        _key = string.IsNullOrEmpty(options.Value.KeyPath) ? LedgerKey.ForThisRun() : KeyOf(LedgerOptions.KeyPathKey, options.Value.KeyPath);
        try
        {
            _file = LedgerFile.Open(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _key.Dispose();
            throw Unusable(folder, e is IOException { InnerException: null } and not FileNotFoundException and not DirectoryNotFoundException && Directory.Exists(folder)
                ? "which another process uses, or can't be written"
                : Directory.Exists(folder) ? "where this process can't write" : "which is no folder");
        }

        try
        {
            Load(folder);
            Begin(options.Value);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The last entry, signed.</summary>
    public LedgerHead Head => Volatile.Read(ref _head)!;

    /// <summary>The ledger's file, for whoever verifies it.</summary>
    public string FilePath => _file.Path;

    /// <summary>Does something: enters that it is about to be done, does it, enters what became of it.</summary>
    /// <param name="act">What it is.</param>
    /// <param name="by">Whose doing it is.</param>
    /// <param name="intent">What is entered before; no address, no token.</param>
    /// <param name="perform">Does it. It gets the first entry, and what it throws is entered as a failure and thrown on.</param>
    /// <param name="check">Asked right before the first entry, while no other can come between: throws where it must not be begun. Then nothing is entered.</param>
    /// <exception cref="LedgerException">It is not begun; or it may be done, and is not answered.</exception>
    public async Task<T> ActAsync<T>(LedgerAct act, LedgerActor by, JsonObject intent, Func<LedgerEntry, Task<Acted<T>>> perform, Action? check = null)
    {
        var begun = await AppendAsync(LedgerPhase.Intent, act, null, by, intent, check);
        Acted<T> acted;
        try
        {
            acted = await perform(begun);
        }
        catch
        {
            await EndAsync(begun, by, [], LedgerEntry.Failed);
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
    public Task<LedgerEntry> NoteAsync(LedgerAct act, LedgerActor? by, JsonObject data, Action? check = null) =>
        AppendAsync(LedgerPhase.Note, act, null, by, data, check);

    /// <summary>Begins no act any more: the file is not what was written.</summary>
    public void Distrust()
    {
        _file.Break();
        _metrics.Verified(isSound: false, _time.GetUtcNow());
    }

    /// <summary>Says how many outcomes are unknown, of late.</summary>
    public void CountUnknowns() => _metrics.Unknown(_unknowns.Since(_time.GetUtcNow().AddDays(-7)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _key.Dispose();
        _lock.Dispose();
        if (_folderOfThisRun is not null && Directory.Exists(_folderOfThisRun))
        {
            Directory.Delete(_folderOfThisRun, recursive: true);
        }
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

    private async Task<LedgerEntry> AppendAsync(LedgerPhase phase, LedgerAct act, long? intent, LedgerActor? by, JsonObject data, Action? check)
    {
        await _lock.WaitAsync();
        try
        {
            check?.Invoke();
            return Append(phase, act, intent, by, data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _metrics.WriteFailed();
            Log.NotWritten(_logger, LedgerNames.Of(phase), LedgerNames.Of(act), e.Message);
            throw phase == LedgerPhase.Outcome
                ? new LedgerException(LedgerFailure.OutcomeUnwritten, "What became of it can't be entered in the ledger, so it is not answered. It may have been done.")
                : new LedgerException(LedgerFailure.Unwritable, "It can't be entered in the ledger, so it is not done.");
        }
        finally
        {
            _lock.Release();
        }
    }

    // Under the lock.
    private LedgerEntry Append(LedgerPhase phase, LedgerAct act, long? intent, LedgerActor? by, JsonObject data)
    {
        if (phase != LedgerPhase.Outcome)
        {
            _file.DemandRoom();
        }

        var entry = new LedgerEntry((_chain.Head?.Seq ?? 0) + 1, _time.GetUtcNow(), phase, act, intent, by, data);
        var bytes = LedgerLine.Encode(entry, _chain.Head?.Ledger, _chain.Head?.Hash ?? LedgerLine.NoHash, _key);
        _file.Append(bytes);
        return Take(bytes.AsSpan(0, bytes.Length - 1))
            ?? throw new InvalidOperationException("What was entered can't be read again."); // a fault of ours
    }

    private LedgerEntry? Take(ReadOnlySpan<byte> bytes)
    {
        if (_chain.Take(bytes, checkSignature: false, out var line) is not null)
        {
            return null;
        }

        Tell(line!.Entry);
        _metrics.Has(_chain.Head!.Seq);
        _metrics.Open(_chain.Open.Count);
        return line.Entry;
    }

    private void Tell(LedgerEntry entry)
    {
        foreach (var book in _books)
        {
            book.Read(entry);
        }

        Volatile.Write(ref _head, _chain.Head);
    }

    private void Load(string folder)
    {
        // The whole of it is verified a moment later, and every hour; here each hash is, and the last signature, which covers them all.
        foreach (var line in _file.Lines())
        {
            if (Follows(line, out var fault))
            {
                continue;
            }

            var isLast = line.Offset + line.Bytes.Length + (line.IsWhole ? 1 : 0) == _file.Length;
            if (!isLast || !IsTorn(line))
            {
                throw Unusable(folder, string.Create(CultureInfo.InvariantCulture, $"whose {LedgerFile.Name} is not as it must be at line {line.Number}: {fault}"));
            }

            _file.CutAt(line.Offset);
            Log.Cut(_logger, line.Number, line.Bytes.Length);
            break;
        }

        if (_chain.Head?.IsSigned() == false)
        {
            throw Unusable(folder, $"whose {LedgerFile.Name} ends with an entry that is not signed by its key");
        }
    }

    private bool Follows(RawLine line, out string? fault)
    {
        fault = line.IsWhole ? null : "it has no end";
        if (!line.IsWhole && !LedgerLine.TryRead(line.Bytes.Span, out _, out _))
        {
            return false;
        }

        fault = _chain.Take(line.Bytes.Span, checkSignature: !line.IsWhole, out var read);
        if (fault is not null)
        {
            return false;
        }

        Tell(read!.Entry);
        if (!line.IsWhole)
        {
            _file.Append("\n"u8); // all of it is there but its end: it is kept
        }

        return true;
    }

    // What an append leaves that was cut short: a beginning without an end, or zeros. A whole entry with something else behind it is neither.
    private static bool IsTorn(RawLine line) => line.IsWhole
        ? line.Bytes.Span.IndexOf(new byte[ZerosOfAPowerCut]) >= 0
        : line.Bytes.Length <= LedgerLine.MaxBytes && (line.Bytes.Length < 2 || !LedgerLine.TryRead(line.Bytes.Span[..^1], out _, out _));

    private void Begin(LedgerOptions options)
    {
        try
        {
            if (_chain.Head is null)
            {
                Append(LedgerPhase.Note, LedgerAct.LedgerBegun, null, by: null, new JsonObject { [LedgerChain.PublicKeyName] = _key.PublicKey });
            }

            if (!string.Equals(_chain.PublicKey, _key.PublicKey, StringComparison.Ordinal))
            {
                HandOver(options);
            }

            foreach (var intent in _chain.Open.Order().ToList())
            {
                var act = _unknowns.ActOf(intent);
                Append(LedgerPhase.Outcome, act, intent, by: null, new JsonObject { [LedgerEntry.ResultName] = LedgerEntry.Unknown });
                Log.OutcomeUnknown(_logger, intent, LedgerNames.Of(act));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(options.Path, $"where nothing can be entered ({e.Message.TrimEnd('.')})");
        }

        _metrics.Has(_chain.Head!.Seq);
        CountUnknowns();
    }

    private void HandOver(LedgerOptions options)
    {
        using var previous = string.IsNullOrEmpty(options.PreviousKeyPath) ? null : KeyOf(LedgerOptions.PreviousKeyPathKey, options.PreviousKeyPath);
        if (!string.Equals(previous?.PublicKey, _chain.PublicKey, StringComparison.Ordinal))
        {
            throw new LedgerException(
                LedgerFailure.Unusable,
                $"{LedgerOptions.KeyPathKey}: found the key {_key.PublicKey}; allowed is the one that signs the ledger, {_chain.PublicKey}, or another with that one in {LedgerOptions.PreviousKeyPathKey}.");
        }

        (var next, _key) = (_key, previous!);
        try
        {
            Append(LedgerPhase.Note, LedgerAct.LedgerKeyChanged, null, by: null, new JsonObject { [LedgerChain.PublicKeyName] = next.PublicKey });
        }
        finally
        {
            _key = next;
        }
    }

    private static LedgerKey KeyOf(string setting, string path) => LedgerKey.Read(path, out var fault)
        ?? throw new LedgerException(LedgerFailure.Unusable, $"{setting}: found '{path}', {fault}; allowed is {LedgerKey.Allowed}.");

    private static LedgerException Unusable(string? folder, string fault) =>
        new(LedgerFailure.Unusable, $"{LedgerOptions.PathKey}: found '{folder}', {fault}; allowed is {LedgerOptions.AllowedPath}, with no ledger in it or one that verifies.");

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.LedgerOfThisRun,
            LogLevel.Warning,
            "Ledger:Path is not set, so a ledger and a key were made for this run only: what the desk does is forgotten when the process ends",
            EventName = nameof(EventIds.LedgerOfThisRun))]
        public static partial void OfThisRun(ILogger logger);

        [LoggerMessage(
            EventIds.LedgerTailCut,
            LogLevel.Warning,
            "The ledger ended in line {Line} with {Bytes} bytes of an entry that was never whole, and so never acknowledged: they were cut off",
            EventName = nameof(EventIds.LedgerTailCut))]
        public static partial void Cut(ILogger logger, long line, int bytes);

        [LoggerMessage(
            EventIds.LedgerOutcomeUnknown,
            LogLevel.Error,
            "An earlier run of the desk ended in the middle of entry {Intent} ({Act}): whether it was done is unknown, and entered as such",
            EventName = nameof(EventIds.LedgerOutcomeUnknown))]
        public static partial void OutcomeUnknown(ILogger logger, long intent, string act);

        [LoggerMessage(
            EventIds.LedgerNotWritten,
            LogLevel.Error,
            "The ledger can't be written ({Phase} of {Act}): {Reason}",
            EventName = nameof(EventIds.LedgerNotWritten))]
        public static partial void NotWritten(ILogger logger, string phase, string act, string reason);
    }
}
