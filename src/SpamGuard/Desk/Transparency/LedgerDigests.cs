using System.Globalization;
using System.Text;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>
/// The digests of the ledger's entries, a page at a time. By them whoever kept a head proves that nothing before it was changed, without reading what the
/// entries say: each holds random bits, so that a digest tells nothing. For concurrent use.
/// </summary>
internal sealed class LedgerDigests(DeskLedger ledger)
{
    /// <summary>How many entries a page has.</summary>
    public const int PageSize = 10_000;

    private readonly Lock _gate = new();
    private readonly List<long> _offsets = [0]; // where in the file each page begins, as far as somebody has read

    /// <summary>How many pages there are.</summary>
    public int Pages => (int)((ledger.Head.Seq + PageSize - 1) / PageSize);

    /// <summary>One page: for each entry a line of its number and, in hex, the SHA-256 of what it says.</summary>
    /// <param name="page">1 to <see cref="Pages"/>.</param>
    /// <exception cref="IOException">The ledger can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public byte[] Page(int page)
    {
        lock (_gate)
        {
            var last = ledger.Head.Seq; // what is appended meanwhile may be there in part
            using var file = new FileStream(ledger.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            while (_offsets.Count < page)
            {
                Read(file, _offsets.Count, last, to: null);
            }

            var text = new StringBuilder();
            Read(file, page, last, text);
            return Encoding.ASCII.GetBytes(text.ToString());
        }
    }

    private void Read(FileStream file, int page, long last, StringBuilder? to)
    {
        var from = _offsets[page - 1];
        file.Position = from;
        var seq = (page - 1L) * PageSize;
        var end = Math.Min(last, (long)page * PageSize);
        foreach (var line in LedgerLines.Read(file))
        {
            seq++;
            if (to is not null)
            {
                if (!LedgerLine.TryRead(line.Bytes.Span, out var read, out var fault))
                {
                    throw new IOException(fault);
                }

                to.Append(CultureInfo.InvariantCulture, $"{seq} {read.Content}\n");
            }

            if (seq == end)
            {
                if (seq == (long)page * PageSize && _offsets.Count == page)
                {
                    _offsets.Add(from + line.Offset + line.Bytes.Length + 1);
                }

                return;
            }
        }

        throw new IOException("it is shorter than it was");
    }
}
