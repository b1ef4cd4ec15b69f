using System.Globalization;
using System.Text.Json.Nodes;

namespace SpamGuard.Desk.Ledger;

/// <summary>A ledger's file, the chain in it and the books about it, which go together: what is appended is on the disk before a book hears of it.</summary>
/// <remarks>One thread at a time, but for <see cref="Head"/> and <see cref="Distrust"/>.</remarks>
internal sealed class LedgerJournal(LedgerFile file, IReadOnlyList<ILedgerBook> books, LedgerMetrics metrics) : IDisposable
{
    private readonly LedgerChain _chain = new();
    private LedgerHead? _head;

    /// <summary>The last entry; <c>null</c> before the first.</summary>
    public LedgerHead? Head => Volatile.Read(ref _head);

    /// <summary>The key that signs the next entry, in hex; <c>null</c> before the first.</summary>
    public string? PublicKey => _chain.PublicKey;

    /// <summary>Intents that have no outcome so far, by their number.</summary>
    public IReadOnlyDictionary<long, LedgerAct> Open => _chain.Open;

    /// <summary>The file's path.</summary>
    public string FilePath => file.Path;

    /// <summary>Reads what is there, once, and mends its end.</summary>
    /// <param name="cut">The last line, where it was not whole and so cut off.</param>
    /// <returns>What is wrong with it, in words that hold nothing of it; <c>null</c> where it is sound so far as its hashes, its keys and its last signature tell.</returns>
    /// <exception cref="IOException">It can't be read, or not mended.</exception>
    public string? Load(out RawLine? cut)
    {
        cut = null;
        var last = 0L;
        foreach (var line in file.Lines())
        {
            var fault = line.IsWhole ? Take(line.Bytes.Span, checkSignature: false) : "it has no end";
            if (fault is null)
            {
                last = line.Offset;
                continue;
            }

            var isLast = line.Offset + line.Bytes.Length + (line.IsWhole ? 1 : 0) == file.Length;
            if (isLast && !line.IsWhole && Take(LedgerTail.WithoutZeros(line).Span, checkSignature: true) is null)
            {
                file.CutAt(line.Offset + LedgerTail.WithoutZeros(line).Length);
                file.Append("\n"u8); // all of it is there but its end: it is kept
                last = line.Offset;
            }
            else if (isLast && LedgerTail.IsTorn(line))
            {
                file.CutAt(line.Offset);
                cut = line;
            }
            else
            {
                return string.Create(CultureInfo.InvariantCulture, $"at line {line.Number}: {fault}");
            }

            break;
        }

        if (Head?.IsSigned() == false)
        {
            return "at its end: the last entry is not signed by the ledger's key";
        }

        file.Settle(last);
        return null;
    }

    /// <summary>Appends an entry.</summary>
    /// <param name="now">When it is entered: the moment at which it was looked at whether it may be.</param>
    /// <param name="phase">Which half of an act it is.</param>
    /// <param name="act">What it is about.</param>
    /// <param name="intent">Of an outcome, the number of its intent.</param>
    /// <param name="by">Whose doing it is.</param>
    /// <param name="data">What is said of it.</param>
    /// <param name="key">Signs it.</param>
    /// <exception cref="IOException">It is not appended; or nobody knows, and nothing will be any more.</exception>
    public LedgerEntry Append(DateTimeOffset now, LedgerPhase phase, LedgerAct act, long? intent, LedgerActor? by, JsonObject data, LedgerKey key)
    {
        file.DemandTrust();
        if (phase != LedgerPhase.Outcome)
        {
            file.DemandRoom();
        }

        var before = _chain.Head;
        var entry = new LedgerEntry((before?.Seq ?? 0) + 1, now, phase, act, intent, by, data);
        var bytes = LedgerLine.Encode(entry, before?.Ledger, before?.Hash ?? LedgerLine.NoHash, key);
        if (_chain.Check(bytes.AsSpan(0, bytes.Length - 1), checkSignature: false, out var step) is { } fault)
        {
            throw new IOException($"What is to be entered would be none: {fault}."); // longer than a line may be, or nested too deep: it would spoil the file
        }

        file.Append(bytes);
        Tell(step!);
        return step!.Line.Entry;
    }

    /// <summary>Why nothing is appended any more; <c>null</c> while something may be.</summary>
    public string? Fault => file.Fault;

    /// <summary>Whether anything may be appended.</summary>
    /// <exception cref="IOException">It may not.</exception>
    public void DemandTrust() => file.DemandTrust();

    /// <summary>Appends nothing any more: what is in the file is not what was written.</summary>
    /// <param name="fault">In what way.</param>
    public void Distrust(string fault) => file.Break(fault);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private string? Take(ReadOnlySpan<byte> bytes, bool checkSignature)
    {
        var fault = _chain.Check(bytes, checkSignature, out var step);
        if (fault is null)
        {
            Tell(step!);
        }

        return fault;
    }

    private void Tell(LedgerStep step)
    {
        _chain.Take(step);
        metrics.Has(step.Head.Seq);
        metrics.Open(_chain.Open.Count);
        try
        {
            foreach (var book in books)
            {
                book.Read(step.Line.Entry);
            }
        }
        finally
        {
            Volatile.Write(ref _head, step.Head); // last: who sees a head finds in the books what it covers
        }
    }
}
