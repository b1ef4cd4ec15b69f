using System.Globalization;

namespace SpamGuard.Desk.Ledger;

/// <summary>Follows a ledger from its first entry on, and finds where it is none any more.</summary>
internal sealed class LedgerChain
{
    /// <summary>The member of an entry's data that names the key which signs from then on.</summary>
    public const string PublicKeyName = "public_key";

    /// <summary>The member by which that key takes over: its signature of <see cref="HandOverText"/>.</summary>
    public const string ProofName = "proof";

    private readonly Dictionary<long, LedgerAct> _open = [];

    /// <summary>The last entry; <c>null</c> before the first.</summary>
    public LedgerHead? Head { get; private set; }

    /// <summary>The key that signs the next entry, in hex; <c>null</c> before the first.</summary>
    public string? PublicKey { get; private set; }

    /// <summary>Intents that have no outcome so far, by their number.</summary>
    public IReadOnlyDictionary<long, LedgerAct> Open => _open;

    /// <summary>
    /// What a key signs to take over behind an entry. Without it, whoever has no key of the ledger could write another history with a key of his own,
    /// and hand that over to the desk's.
    /// </summary>
    public static string HandOverText(LedgerHead head) => string.Create(CultureInfo.InvariantCulture, $"spamguard-ledger-key:v1:{head.Ledger}:{head.Seq}:{head.Hash}");

    /// <summary>Takes the next line.</summary>
    /// <param name="bytes">The line without its end.</param>
    /// <param name="checkSignature">Whether to check its signature too, which costs ten times the rest. Those of entries that name a key are checked always; the hashes
    /// tell whether anything was changed before an entry whose signature is right.</param>
    /// <param name="line">What it says.</param>
    /// <returns>What is wrong with it, in words that hold nothing of it; <c>null</c> where it follows.</returns>
    public string? Take(ReadOnlySpan<byte> bytes, bool checkSignature, out LedgerLine? line)
    {
        if (Check(bytes, checkSignature, out var step) is { } fault)
        {
            line = null;
            return fault;
        }

        line = step!.Line;
        Take(step);
        return null;
    }

    /// <summary>Takes a line that was checked, and nothing since.</summary>
    public void Take(LedgerStep step)
    {
        (Head, PublicKey) = (step.Head, step.PublicKey);
        if (step.Line.Entry.Phase == LedgerPhase.Intent)
        {
            _open.Add(step.Head.Seq, step.Line.Entry.Act);
        }
        else if (step.Line.Entry.Intent is { } intent)
        {
            _open.Remove(intent);
        }
    }

    /// <summary>As <see cref="Take(ReadOnlySpan{byte}, bool, out LedgerLine?)"/>, but does not take it yet.</summary>
    public string? Check(ReadOnlySpan<byte> bytes, bool checkSignature, out LedgerStep? step)
    {
        step = null;
        if (!LedgerLine.TryRead(bytes, out var line, out var fault))
        {
            return fault;
        }

        var expected = (Head?.Seq ?? 0) + 1;
        if (line.Entry.Seq != expected)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it is entry {line.Entry.Seq}, and {expected} should be here");
        }

        if (!string.Equals(line.Prev, Head?.Hash ?? LedgerLine.NoHash, StringComparison.Ordinal))
        {
            return "it does not follow the entry before";
        }

        if (!IsInPlace(line.Entry))
        {
            return Head is null ? "a ledger does not begin like this" : "no such entry can be here";
        }

        var isOfKey = line.Entry.Act is LedgerAct.LedgerBegun or LedgerAct.LedgerKeyChanged;
        var next = isOfKey ? line.Entry.Text(PublicKeyName) ?? string.Empty : PublicKey!;
        var head = new LedgerHead(Head?.Ledger ?? line.Hash, line.Entry.Seq, LedgerEntryJson.TimeOf(line.Entry), line.Hash, PublicKey ?? next, line.Signature);
        if ((checkSignature || isOfKey) && !head.IsSigned())
        {
            return "its signature is not that of the ledger's key";
        }

        if (line.Entry.Act == LedgerAct.LedgerKeyChanged && !LedgerKey.Verifies(next, HandOverText(Head!), line.Entry.Text(ProofName) ?? string.Empty))
        {
            return "the key it names did not take over";
        }

        step = new LedgerStep(line, head, next);
        return null;
    }

    private bool IsInPlace(LedgerEntry entry) =>
        Head is null == entry.Act is LedgerAct.LedgerBegun
        && (entry.Act is not (LedgerAct.LedgerBegun or LedgerAct.LedgerKeyChanged) || entry.Phase == LedgerPhase.Note)
        && (entry.Phase == LedgerPhase.Outcome ? entry.Intent is { } intent && _open.TryGetValue(intent, out var act) && act == entry.Act : entry.Intent is null);
}

/// <summary>A line that follows a ledger.</summary>
/// <param name="Line">The line.</param>
/// <param name="Head">The head that it makes.</param>
/// <param name="PublicKey">The key that signs the next one.</param>
internal sealed record LedgerStep(LedgerLine Line, LedgerHead Head, string PublicKey);
