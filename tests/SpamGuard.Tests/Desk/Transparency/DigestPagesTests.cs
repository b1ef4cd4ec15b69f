using System.Text;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Testing.Transparency;
using SpamGuard.Tests.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Transparency;

public sealed class DigestPagesTests
{
    [Fact]
    public void Pages_OneAfterTheOther_LeadToTheHead()
    {
        var from = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var disk = new LedgerOnDisk(RandomLedger.Of(seed: 7, count: DigestPages.Size + 5, from, from.AddDays(300)));
        using var ledger = LedgerFolder.Open(disk.Folder, disk.KeyPath, new RecordingLogger<DeskLedger>());
        var pages = new DigestPages(ledger);

        Assert.Equal(2, pages.Count);
        Assert.Equal(DigestPages.Size, Encoding.ASCII.GetString(pages[1]).Count(static c => c == '\n'));
        Assert.Null(LedgerDigests.Fault(new MemoryStream([.. pages[1], .. pages[2]]), since: null, ledger.Head));
    }
}
