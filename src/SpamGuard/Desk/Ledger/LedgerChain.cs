using System.Globalization;

namespace SpamGuard.Desk.Ledger;

/// <summary>Follows a ledger from its first entry on, and finds where it is none any more.</summary>
internal sealed class LedgerChain
{
    /// <summary>The member of an entry's data that names the key which signs from then on.</summary>
    public const string PublicKeyName = "public_key";

    private readonly HashSet<long> _open = [];

    /// <summary>The last entry; <c>null</c> before the first.</summary>
    public LedgerHead? Head { get; private set; }

    /// <summary>The key that signs the next entry, in hex; <c>null</c> before the first.</summary>
    public string? PublicKey { get; private set; }

    /// <summary>Intents that have no outcome so far, by their number.</summary>
    public IReadOnlyCollection<long> Open => _open;

    /// <summary>Takes the next line.</summary>
    /// <param name="bytes">The line without its end.</param>
    /// <param name="checkSignature">Whether to check its signature too. The hashes alone tell whether anything was changed before an entry whose signature is right.</param>
    /// <param name="line">What it says.</param>
    /// <returns>What is wrong with it, in words that hold nothing of it; <c>null</c> where it follows.</returns>
    public string? Take(ReadOnlySpan<byte> bytes, bool checkSignature, out LedgerLine? line)
    {
        if (!LedgerLine.TryRead(bytes, out line, out var fault))
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

        if (Head is null != line.Entry.Act is LedgerAct.LedgerBegun)
        {
            return Head is null ? "a ledger does not begin like this" : "it begins another ledger";
        }

        var next = line.Entry.Act is LedgerAct.LedgerBegun or LedgerAct.LedgerKeyChanged ? line.Entry.Text(PublicKeyName) : PublicKey;
        var head = new LedgerHead(Head?.Ledger ?? line.Hash, line.Entry.Seq, line.Time, line.Hash, PublicKey ?? next ?? string.Empty, line.Signature);
        if (next is null || (checkSignature && !head.IsSigned()))
        {
            return "its signature is not that of the ledger's key";
        }

        if (!Follows(line.Entry))
        {
            return "it is the outcome of nothing that was begun";
        }

        (Head, PublicKey) = (head, next);
        return null;
    }

    private bool Follows(LedgerEntry entry) => entry.Phase switch
    {
        LedgerPhase.Intent => _open.Add(entry.Seq),
        LedgerPhase.Outcome => entry.Intent is { } intent && _open.Remove(intent),
        _ => true,
    };
}
