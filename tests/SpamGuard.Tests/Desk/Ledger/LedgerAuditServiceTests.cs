using SpamGuard.Desk.Ledger;
using SpamGuard.Testing;

namespace SpamGuard.Tests.Desk.Ledger;

public sealed class LedgerAuditServiceTests
{
    [Fact]
    public async Task Execute_EntryChangedBehindTheDesk_EndsAllActs()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        await LedgerFolder.ActAsync(ledger);
        var log = new RecordingLogger<LedgerAuditService>();
        using var audit = new LedgerAuditService(ledger, folder.LedgerMetrics, folder.Time, log);
        await audit.StartAsync(CancellationToken.None);
        await LedgerFolder.ActAsync(ledger);

        using (var file = new FileStream(folder.FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 100; // in the nonce of the first entry: nobody would miss it
            var digit = file.ReadByte();
            file.Position = 100;
            file.WriteByte((byte)(digit == '0' ? '1' : '0'));
        }

        await Poll.UntilAsync(() =>
        {
            folder.Time.Advance(LedgerAuditService.Period);
            return Task.FromResult(audit.ExecuteTask!.IsCompleted);
        }).DefaultTimeout();
        Assert.Equal(1, log.Count(EventIds.LedgerUnsound));
        await Assert.ThrowsAsync<LedgerException>(() => LedgerFolder.ActAsync(ledger));
        await audit.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Execute_WhileEntriesAreAppended_FindsNothing()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var log = new RecordingLogger<LedgerAuditService>();
        using var audit = new LedgerAuditService(ledger, folder.LedgerMetrics, folder.Time, log);
        await audit.StartAsync(CancellationToken.None);
        for (var i = 0; i < 200; i++)
        {
            folder.Time.Advance(LedgerAuditService.Period);
            await LedgerFolder.ActAsync(ledger);
        }

        Assert.False(audit.ExecuteTask!.IsCompleted);
        Assert.Empty(log.Entries);
        await audit.StopAsync(CancellationToken.None);
    }
}
