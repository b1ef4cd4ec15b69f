using System.Text;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>
/// The digests of the ledger's entries, so many at a time that nobody gets a long ledger at once. A page is read from the file, at the place where it begins, once
/// that is known: the file only grows. For concurrent use.
/// </summary>
internal sealed class DigestPages(DeskLedger ledger)
{
    /// <summary>How many entries a page has.</summary>
    public const int Size = 10_000;

    private readonly Lock _gate = new();
    private readonly List<long> _begins = [0]; // of each page, in bytes, as far as they are known

    /// <summary>How many pages there are.</summary>
    public int Count => (int)((ledger.Head.Seq + Size - 1) / Size);

    /// <summary>One page, as <see cref="LedgerDigests"/> writes them; pages one after the other are the whole.</summary>
    /// <param name="page">1 to <see cref="Count"/>.</param>
    /// <exception cref="IOException">The ledger can't be read, or is not what was written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public byte[] this[int page]
    {
        get
        {
            lock (_gate)
            {
                using var file = LedgerFile.OpenToRead(ledger.FilePath);
                while (_begins.Count < page)
                {
                    Read(file, _begins.Count, Size);
                }

                return Read(file, page, (int)Math.Min(Size, ledger.Head.Seq - ((page - 1L) * Size))); // what is appended meanwhile may be there in part
            }
        }
    }

    private byte[] Read(Stream file, int page, int entries)
    {
        var (begin, text, lines) = (_begins[page - 1], new StringBuilder(), 0);
        file.Position = begin;
        foreach (var line in LedgerLines.Read(file))
        {
            if (LedgerDigests.LineOf(((page - 1L) * Size) + lines + 1, line) is not { } digest)
            {
                break;
            }

            text.Append(digest).Append('\n');
            if (++lines == entries)
            {
                if (lines == Size && _begins.Count == page)
                {
                    _begins.Add(begin + line.Offset + line.Bytes.Length + 1);
                }

                return Encoding.ASCII.GetBytes(text.ToString());
            }
        }

        throw new IOException("The ledger is not what was written.");
    }
}
