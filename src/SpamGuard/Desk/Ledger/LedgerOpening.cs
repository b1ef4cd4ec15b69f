using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Desk.Ledger;

/// <summary>Opens a ledger when the desk starts: recovers it, begins it where there is none, hands over to another key, and enters what a crash left open.</summary>
internal sealed partial class LedgerOpening(LedgerOptions options, string folder, ILogger logger)
{
    /// <summary>Opens it.</summary>
    /// <param name="books">Told what is in it.</param>
    /// <param name="time">The clock of what is entered.</param>
    /// <param name="metrics">Takes counts.</param>
    /// <param name="key">Signs it.</param>
    /// <exception cref="LedgerException">It can't be opened, or is not as it must be; the message names the key of the configuration.</exception>
    public LedgerJournal Open(IReadOnlyList<ILedgerBook> books, TimeProvider time, LedgerMetrics metrics, LedgerKey key)
    {
        LedgerJournal? journal = null;
        try
        {
            journal = new LedgerJournal(LedgerFile.Open(folder), books, metrics);
            Load(journal);
            Begin(journal, time, key);
            return journal;
        }
        catch (Exception e)
        {
            journal?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw Unusable(journal is null ? e.Message : $"where nothing can be entered ({e.Message.TrimEnd('.')})");
            }

            throw;
        }
    }

    /// <summary>Reads the key that signs.</summary>
    /// <exception cref="LedgerException">The file is none.</exception>
    public LedgerKey Key() => string.IsNullOrEmpty(options.KeyPath) ? LedgerKey.ForThisRun() : KeyOf(LedgerOptions.KeyPathKey, options.KeyPath);

    private static LedgerKey KeyOf(string setting, string path) => LedgerKey.Read(path, out var fault)
        ?? throw new LedgerException(LedgerFailure.Unusable, $"{setting}: found '{path}', {fault}; allowed is {LedgerKey.Allowed}.");

    private void Load(LedgerJournal journal)
    {
        if (journal.Load(out var cut) is { } fault)
        {
            throw Unusable($"whose {LedgerFile.Name} is not as it must be {fault}");
        }

        if (cut is { } line)
        {
            Log.Cut(logger, line.Number, line.Bytes.Length);
        }

        if (journal.Head is { } head)
        {
            Log.Opened(logger, head.Ledger, head.Seq, head.Hash);
        }
    }

    private void Begin(LedgerJournal journal, TimeProvider time, LedgerKey key)
    {
        if (journal.Head is null)
        {
            journal.Append(time.GetUtcNow(), LedgerPhase.Note, LedgerAct.LedgerBegun, null, by: null, new JsonObject { [LedgerChain.PublicKeyName] = key.PublicKey }, key);
            Log.Begun(logger, journal.Head!.Ledger);
        }
        else if (!string.Equals(journal.PublicKey, key.PublicKey, StringComparison.Ordinal))
        {
            HandOver(journal, journal.Head, time, key);
        }

        foreach (var (intent, act) in journal.Open.OrderBy(static pair => pair.Key).ToList())
        {
            journal.Append(time.GetUtcNow(), LedgerPhase.Outcome, act, intent, by: null, new JsonObject { [LedgerEntry.ResultName] = LedgerEntry.Unknown }, key);
            Log.OutcomeUnknown(logger, intent, LedgerNames.Of(act));
        }
    }

    private void HandOver(LedgerJournal journal, LedgerHead head, TimeProvider time, LedgerKey key)
    {
        using var previous = string.IsNullOrEmpty(options.PreviousKeyPath) ? null : KeyOf(LedgerOptions.PreviousKeyPathKey, options.PreviousKeyPath);
        if (!string.Equals(previous?.PublicKey, journal.PublicKey, StringComparison.Ordinal))
        {
            throw new LedgerException(
                LedgerFailure.Unusable,
                $"{LedgerOptions.KeyPathKey}: found the key {key.PublicKey}; allowed is the one that signs the ledger, {journal.PublicKey}, or another with that one in {LedgerOptions.PreviousKeyPathKey}.");
        }

        var data = new JsonObject { [LedgerChain.PublicKeyName] = key.PublicKey, [LedgerChain.ProofName] = key.Sign(LedgerChain.HandOverText(head)) };
        journal.Append(time.GetUtcNow(), LedgerPhase.Note, LedgerAct.LedgerKeyChanged, null, by: null, data, previous!);
    }

    private LedgerException Unusable(string fault) =>
        new(LedgerFailure.Unusable, $"{LedgerOptions.PathKey}: found '{folder}', {fault}; allowed is {LedgerOptions.AllowedPath}, with no ledger in it or one that verifies.");

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.LedgerTailCut,
            LogLevel.Warning,
            "The ledger ended in line {Line} with {Bytes} bytes that are no whole entry, as a crash leaves one that nobody was told of, and who cuts the file one that somebody was: they were cut off",
            EventName = nameof(EventIds.LedgerTailCut))]
        public static partial void Cut(ILogger logger, long line, int bytes);

        [LoggerMessage(
            EventIds.LedgerOpened,
            LogLevel.Information,
            "The desk goes on from the head of ledger {Ledger} at entry {Entries}, {Hash}",
            EventName = nameof(EventIds.LedgerOpened))]
        public static partial void Opened(ILogger logger, string ledger, long entries, string hash);

        [LoggerMessage(
            EventIds.LedgerOutcomeUnknown,
            LogLevel.Error,
            "An earlier run of the desk ended in the middle of entry {Intent} ({Act}): whether it was done is unknown, and entered as such",
            EventName = nameof(EventIds.LedgerOutcomeUnknown))]
        public static partial void OutcomeUnknown(ILogger logger, long intent, string act);

        [LoggerMessage(
            EventIds.LedgerBegun,
            LogLevel.Warning,
            "There was no ledger, so {Ledger} is begun: expected on the first start of a desk, and else a sign that its volume is not there",
            EventName = nameof(EventIds.LedgerBegun))]
        public static partial void Begun(ILogger logger, string ledger);
    }
}
