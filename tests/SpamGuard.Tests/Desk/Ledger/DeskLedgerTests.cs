using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

public sealed class DeskLedgerTests
{
    [Fact]
    public async Task ActAsync_ThatIsDone_IsEnteredBeforeAndAfter()
    {
        using var folder = new LedgerFolder();
        var book = new ListBook();
        using var ledger = folder.Open(book);

        var seen = 0;
        var result = await ledger.ActAsync(LedgerAct.OverrideSet, LedgerFolder.Somebody, [], _ =>
        {
            seen = book.Entries.Count;
            return Task.FromResult(new Acted<int>(7, []));
        });

        Assert.Equal(7, result);
        Assert.Equal(2, seen);
        Assert.Equal([LedgerPhase.Note, LedgerPhase.Intent, LedgerPhase.Outcome], book.Entries.Select(static entry => entry.Phase));
        Assert.True(book.Entries[2].IsDone);
        Assert.Equal(2, book.Entries[2].Intent);
        Assert.Null(folder.Verify().Fault);
    }

    [Fact]
    public async Task Open_AfterEveryTruncation_KeepsWhatWasAcknowledgedAndVerifies()
    {
        using var folder = new LedgerFolder();
        long acknowledged;
        using (var ledger = folder.Open())
        {
            await LedgerFolder.ActAsync(ledger);
            acknowledged = new FileInfo(folder.FilePath).Length;
            await LedgerFolder.ActAsync(ledger);
        }

        var whole = await File.ReadAllBytesAsync(folder.FilePath);
        for (var length = acknowledged; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(folder.FilePath, whole[..(int)length]);
            var book = new ListBook();
            using (var ledger = folder.Open(book))
            {
                await LedgerFolder.ActAsync(ledger);
            }

            Assert.Null(folder.Verify().Fault);
            Assert.Equal(whole[..(int)acknowledged], (await File.ReadAllBytesAsync(folder.FilePath))[..(int)acknowledged]);
            Assert.Equal(0, folder.Verify().Open);
        }
    }

    internal sealed class ListBook : ILedgerBook
    {
        public List<LedgerEntry> Entries { get; } = [];

        public void Read(LedgerEntry entry) => Entries.Add(entry);
    }
}
