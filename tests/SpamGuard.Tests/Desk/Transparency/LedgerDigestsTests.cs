using System.Text;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Testing.Transparency;
using SpamGuard.Tests.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Transparency;

public sealed class LedgerDigestsTests
{
    [Fact]
    public async Task Page_ByPage_TheDigestsGiveTheHashOfTheHead()
    {
        const int Entries = (2 * LedgerDigests.PageSize) + 5;
        var from = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var disk = new LedgerOnDisk(RandomLedger.Of(seed: 7, Entries, from, from.AddDays(300)));
        using var folder = new LedgerFolder { KeyPath = disk.KeyPath };
        using var ledger = folder.OpenAt(disk.Folder);
        var digests = new LedgerDigests(ledger);

        var third = Encoding.ASCII.GetString(digests.Page(3)); // before those that lead to it
        Assert.Equal(3, digests.Pages);
        var head = ledger.Head;
        Assert.Equal(head.Hash, Hash([.. Lines(digests, 1), .. Lines(digests, 2), .. third.Split('\n', StringSplitOptions.RemoveEmptyEntries)]));

        await LedgerFolder.ActAsync(ledger);
        Assert.Equal(ledger.Head.Hash, Hash([.. Lines(digests, 1), .. Lines(digests, 2), .. Lines(digests, 3)]));
        Assert.NotEqual(head.Hash, ledger.Head.Hash);
    }

    private static string[] Lines(LedgerDigests digests, int page) => Encoding.ASCII.GetString(digests.Page(page)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Hash(IReadOnlyList<string> lines)
    {
        var hash = LedgerLine.NoHash;
        for (var i = 0; i < lines.Count; i++)
        {
            var parts = lines[i].Split(' ');
            Assert.Equal(i + 1, int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));
            hash = LedgerLine.HashOf(hash, parts[1]);
        }

        return hash;
    }
}
