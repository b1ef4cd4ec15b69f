using System.Text;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Testing.Transparency;
using SpamGuard.Tests.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Transparency;

public sealed class DigestPagesTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pages_AskedForInAnyOrder_LeadToTheHead()
    {
        using var disk = new LedgerOnDisk(Notes((2 * DigestPages.Size) + 5));
        using var ledger = LedgerFolder.Open(disk.Folder, disk.KeyPath, new RecordingLogger<DeskLedger>());
        foreach (var order in (int[][])[[1, 2, 3], [3, 1, 2], [2, 3, 2, 1]])
        {
            var pages = new DigestPages(ledger);
            var read = new SortedDictionary<int, byte[]>();
            foreach (var page in order)
            {
                read[page] = pages[page];
            }

            Assert.Equal(3, pages.Count);
            Assert.Equal([DigestPages.Size, DigestPages.Size, 5], read.Values.Select(Lines));
            Assert.Null(Fault(ledger, [.. read.Values]));
        }
    }

    [Fact]
    public async Task Pages_OfALedgerThatGrowsPastTheEndOfOne_AreFullAndBeginAnother()
    {
        using var disk = new LedgerOnDisk(Notes(DigestPages.Size - 1));
        using var ledger = LedgerFolder.Open(disk.Folder, disk.KeyPath, new RecordingLogger<DeskLedger>());
        var pages = new DigestPages(ledger);
        var steps = new List<(int Count, int OfTheFirst, int OfTheLast)>();
        for (var entries = DigestPages.Size - 1; entries <= DigestPages.Size + 2; entries++)
        {
            Assert.Equal(entries, ledger.Head.Seq);
            steps.Add((pages.Count, Lines(pages[1]), Lines(pages[pages.Count])));
            Assert.Null(Fault(ledger, [.. Enumerable.Range(1, pages.Count).Select(page => pages[page])]));
            await ledger.NoteAsync(LedgerAct.PolicyObserved, null, []);
        }

        const int Full = DigestPages.Size;
        Assert.Equal([(1, Full - 1, Full - 1), (1, Full, Full), (2, Full, 1), (2, Full, 2)], steps);
    }

    [Fact]
    public void Page_OfALedgerWithFewerEntriesThanWereWritten_IsNone()
    {
        using var disk = new LedgerOnDisk(Notes(20));
        using var ledger = LedgerFolder.Open(disk.Folder, disk.KeyPath, new RecordingLogger<DeskLedger>());
        using (var file = new FileStream(disk.FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Throws<IOException>(() => new DigestPages(ledger)[1]);
    }

    // No act among them, so that a desk that opens the ledger has nothing to enter.
    private static List<LedgerEntry> Notes(int count) =>
    [
        .. Enumerable.Range(1, count).Select(static seq => new LedgerEntry(
            seq, Time.AddSeconds(seq), LedgerPhase.Note, seq == 1 ? LedgerAct.LedgerBegun : LedgerAct.PolicyObserved, Intent: null, By: null, Data: [])),
    ];

    private static int Lines(byte[] page) => Encoding.ASCII.GetString(page).Count(static c => c == '\n');

    private static string? Fault(DeskLedger ledger, IReadOnlyList<byte[]> pages) =>
        LedgerDigests.Fault(new MemoryStream([.. pages.SelectMany(static page => page)]), since: null, ledger.Head);
}
