using System.Globalization;

namespace SpamGuard.Desk.Ledger;

/// <summary>Whether a ledger is as it must be.</summary>
/// <param name="Entries">How many entries were found in order.</param>
/// <param name="Fault">What is wrong, in a line that names where; <c>null</c> where nothing is.</param>
/// <param name="Head">The last entry in order.</param>
/// <param name="Open">Acts that were begun and have no outcome, by the number of their intent.</param>
/// <param name="Unknown">Outcomes of which nobody knows what they were.</param>
internal sealed record LedgerVerification(long Entries, string? Fault, LedgerHead? Head, IReadOnlyList<long> Open, long Unknown)
{
    /// <summary>Reads a whole ledger.</summary>
    /// <param name="file">Its file, from the beginning.</param>
    /// <param name="since">A head that somebody kept: the ledger must hold it, unchanged.</param>
    /// <param name="publicKey">The key that must have signed it at some time, in hex; <c>null</c> for whichever its first entry names.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static LedgerVerification Of(Stream file, LedgerHead? since, string? publicKey, CancellationToken cancellationToken) =>
        Of(file, since, publicKey, endsThere: false, cancellationToken);

    /// <summary>The same up to an entry, which it must hold unchanged: what comes behind it is not looked at.</summary>
    public static LedgerVerification UpTo(Stream file, LedgerHead head, CancellationToken cancellationToken) =>
        Of(file, head, publicKey: null, endsThere: true, cancellationToken);

    private static LedgerVerification Of(Stream file, LedgerHead? since, string? publicKey, bool endsThere, CancellationToken cancellationToken)
    {
        var (chain, unknown, meetsSince, meetsKey) = (new LedgerChain(), 0L, since is null, publicKey is null);
        foreach (var line in LedgerLines.Read(file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!line.IsWhole)
            {
                return Found(At(line, "it has no end: an entry that is being appended, or that a crash cut short"));
            }

            if (chain.Take(line.Bytes.Span, checkSignature: true, out var read) is { } fault)
            {
                return Found(At(line, fault));
            }

            unknown += string.Equals(read!.Entry.Result, LedgerEntry.Unknown, StringComparison.Ordinal) ? 1 : 0;
            meetsKey |= string.Equals(chain.PublicKey, publicKey, StringComparison.Ordinal) || string.Equals(chain.Head!.PublicKey, publicKey, StringComparison.Ordinal);
            if (since is not null && !string.Equals(chain.Head!.Ledger, since.Ledger, StringComparison.Ordinal))
            {
                return Found("the head that was kept is of another ledger");
            }

            if (since?.Seq == chain.Head!.Seq)
            {
                if (chain.Head != since)
                {
                    return Found(At(line, "it or one before it is not what it was when the head was kept"));
                }

                meetsSince = true;
                if (endsThere)
                {
                    break;
                }
            }
        }

        return Found(
            chain.Head is null ? "there is no entry"
            : !meetsSince ? string.Create(CultureInfo.InvariantCulture, $"it ends before entry {since!.Seq}, of which a head was kept")
            : !meetsKey ? "it was never signed with that key"
            : null);

        LedgerVerification Found(string? fault) => new(chain.Head?.Seq ?? 0, fault, chain.Head, [.. chain.Open.Keys.Order()], unknown);
    }

    private static string At(RawLine line, string fault) => string.Create(CultureInfo.InvariantCulture, $"line {line.Number}: {fault}");
}
