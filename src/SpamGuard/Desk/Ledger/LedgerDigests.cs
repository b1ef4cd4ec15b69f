using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SpamGuard.Desk.Ledger;

/// <summary>
/// The digests of a ledger's entries: a line <c>SEQ SPACE DIGEST</c> for each, the digest being SHA-256 of the entry's bytes in hex. They tell nothing of what the
/// entries say, and all that is needed to follow the ledger from one signed head to a later one.
/// </summary>
/// <remarks>The hash of an entry is that of <c>spamguard-ledger-entry:v1:PREV:DIGEST</c>, PREV being the hash of the entry before, or 64 zeros.</remarks>
internal static class LedgerDigests
{
    private const int LongestLine = 20 + 1 + 64;

    /// <summary>The lines of a ledger's file, read as they are asked for. They end early where the file holds something that is no entry.</summary>
    /// <param name="ledger">The file, from its beginning.</param>
    /// <param name="after">Begins with the entry behind this one, and looks at none before; 0 for all.</param>
    /// <param name="upTo">Ends with this entry.</param>
    public static IEnumerable<string> Read(Stream ledger, long after, long upTo)
    {
        foreach (var line in LedgerLines.Read(ledger))
        {
            if (line.Number <= after)
            {
                continue;
            }

            if (line.Number > upTo || LineOf(line.Number, line) is not { } digest)
            {
                yield break;
            }

            yield return digest;
        }
    }

    /// <summary>The line of one entry, without its end; <c>null</c> where a line of the ledger's file is no entry.</summary>
    /// <param name="seq">The number of the entry.</param>
    /// <param name="line">Its line in the file.</param>
    public static string? LineOf(long seq, RawLine line)
    {
        var content = line.IsWhole ? LedgerLine.ContentOf(line.Bytes.Span) : [];
        return content.IsEmpty ? null : string.Create(CultureInfo.InvariantCulture, $"{seq} {LedgerLine.DigestOf(content)}");
    }

    /// <summary>Whether digests lead to a head, and past an older one. The heads' own signatures are not looked at.</summary>
    /// <param name="digests">Lines from the first entry on, or from the one behind <paramref name="since"/> on; what comes behind <paramref name="head"/> is not looked at.</param>
    /// <param name="since">The older head; <c>null</c> for none.</param>
    /// <param name="head">Where they must lead.</param>
    /// <returns>What is wrong, in a line that names where; <c>null</c> where nothing is.</returns>
    public static string? Fault(Stream digests, LedgerHead? since, LedgerHead head)
    {
        if (since is not null && !string.Equals(since.Ledger, head.Ledger, StringComparison.Ordinal))
        {
            return "the two heads are of different ledgers";
        }

        if (since?.Seq > head.Seq)
        {
            return "the head that was kept is the later one";
        }

        if (since?.Seq == head.Seq && !string.Equals(since.Hash, head.Hash, StringComparison.Ordinal))
        {
            return "the two heads are of the same entry, and not the same";
        }

        var (seq, hash) = (0L, LedgerLine.NoHash);
        foreach (var line in LedgerLines.Read(digests))
        {
            if (!TryRead(line, out var number, out var digest))
            {
                return At(line, "it is no digest: a number, a space and 64 digits of hex");
            }

            if (line.Number == 1 && since is not null && number == since.Seq + 1)
            {
                (seq, hash) = (since.Seq, since.Hash);
            }

            if (number != seq + 1)
            {
                return At(line, string.Create(CultureInfo.InvariantCulture, $"it is of entry {number}, and that of {seq + 1} should be here"));
            }

            (seq, hash) = (number, LedgerLine.HashOf(hash, digest));
            if (seq == 1 && !string.Equals(hash, head.Ledger, StringComparison.Ordinal))
            {
                return At(line, "the ledger of the head begins with another entry");
            }

            if (seq == since?.Seq && !string.Equals(hash, since.Hash, StringComparison.Ordinal))
            {
                return At(line, "it or one before it is not what it was when the head was kept");
            }

            if (seq == head.Seq)
            {
                return string.Equals(hash, head.Hash, StringComparison.Ordinal) ? null : At(line, "it or one before it is not what the head signs");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"they end before entry {head.Seq}, the head's");
    }

    private static string At(RawLine line, string fault) => string.Create(CultureInfo.InvariantCulture, $"line {line.Number}: {fault}");

    private static bool TryRead(RawLine line, out long number, out string digest)
    {
        (number, digest) = (0, string.Empty);
        var text = line.Bytes.Span;
        if (!line.IsWhole || text.Length > LongestLine || !Utf8Parser.TryParse(text, out number, out int digits) || digits >= text.Length || text[digits] != (byte)' ')
        {
            return false;
        }

        digest = Encoding.ASCII.GetString(text[(digits + 1)..]);
        return LedgerHex.IsHash(digest);
    }
}
