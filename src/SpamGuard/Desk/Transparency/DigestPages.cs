using System.Text;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>The digests of the ledger's entries, so many at a time that nobody gets a long ledger at once.</summary>
internal sealed class DigestPages(DeskLedger ledger)
{
    /// <summary>How many entries a page has.</summary>
    public const int Size = 10_000;

    /// <summary>How many pages there are.</summary>
    public int Count => (int)((ledger.Head.Seq + Size - 1) / Size);

    /// <summary>One page, as <see cref="LedgerDigests"/> writes them; pages one after the other are the whole.</summary>
    /// <param name="page">1 to <see cref="Count"/>.</param>
    /// <exception cref="IOException">The ledger can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public byte[] this[int page]
    {
        get
        {
            var (after, upTo) = ((page - 1L) * Size, Math.Min(ledger.Head.Seq, (long)page * Size)); // what is appended meanwhile may be there in part
            using var file = LedgerFile.OpenToRead(ledger.FilePath);
            var text = new StringBuilder();
            var lines = 0;
            foreach (var line in LedgerDigests.Read(file, after, upTo))
            {
                text.Append(line).Append('\n');
                lines++;
            }

            return lines == upTo - after ? Encoding.ASCII.GetBytes(text.ToString()) : throw new IOException("The ledger is not what was written.");
        }
    }
}
