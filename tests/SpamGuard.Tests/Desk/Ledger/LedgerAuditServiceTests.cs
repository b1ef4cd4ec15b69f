using SpamGuard.Desk.Ledger;
using SpamGuard.Testing;

namespace SpamGuard.Tests.Desk.Ledger;

public sealed class LedgerAuditServiceTests
{
    private const string Sound = "spamguard_ledger_sound";
    private const string Verified = "spamguard_ledger_verified_timestamp_seconds";

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
        Assert.Equal((1, Sound + " 0"), (folder.Logger.Count(EventIds.LedgerUnsound), await folder.MetricAsync(Sound)));
        await Assert.ThrowsAsync<LedgerException>(() => LedgerFolder.ActAsync(ledger));
        await audit.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("appended")]
    [InlineData("cut")]
    [InlineData("removed")]
    [InlineData("moved")]
    [InlineData("replaced")]
    public async Task Execute_LedgerThatIsNotAsItWasLeft_IsSaidWithinAMinuteThoughNobodyActs(string change)
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        await LedgerFolder.ActAsync(ledger);
        var log = new RecordingLogger<LedgerAuditService>();
        using var audit = new LedgerAuditService(ledger, folder.LedgerMetrics, folder.Time, log);
        await audit.StartAsync(CancellationToken.None);
        await Poll.UntilAsync(async () => await folder.MetricAsync(Verified) != Verified + " 0").DefaultTimeout(); // what follows is found by no verification
        Assert.Equal(Sound + " 1", await folder.MetricAsync(Sound));
        var began = folder.Time.GetUtcNow();

        var (text, elsewhere) = (await File.ReadAllBytesAsync(folder.FilePath), folder.Folder + ".moved");
        switch (change)
        {
            case "appended":
                await File.AppendAllTextAsync(folder.FilePath, "x");
                break;
            case "cut":
                await File.WriteAllBytesAsync(folder.FilePath, text[..^1]);
                break;
            case "removed":
                File.Delete(folder.FilePath);
                break;
            case "replaced":
                await File.WriteAllBytesAsync(folder.FilePath + ".copy", text);
                File.Move(folder.FilePath + ".copy", folder.FilePath, overwrite: true);
                break;
            default:
                Directory.Move(folder.Folder, elsewhere);
                break;
        }

        folder.Time.Advance(LedgerAuditService.LookPeriod);
        await audit.ExecuteTask!.DefaultTimeout();
        var said = Assert.Single(folder.Logger.Entries, static entry => entry.Id == EventIds.LedgerUnsound);
        Assert.EndsWith(change is "removed" or "moved" ? ": it is gone" : change is "replaced" ? ": another file is in its place" : ": its length is not that of what was written", said.Text, StringComparison.Ordinal);
        Assert.InRange(folder.Time.GetUtcNow() - began, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        if (change == "moved")
        {
            Directory.Move(elsewhere, folder.Folder);
        }

        await File.WriteAllBytesAsync(folder.FilePath, text); // put in order behind its back: only a restart looks at all of it
        await Assert.ThrowsAsync<LedgerException>(() => LedgerFolder.ActAsync(ledger));
        Assert.Equal((1, Sound + " 0"), (folder.Logger.Count(EventIds.LedgerUnsound), await folder.MetricAsync(Sound)));
        Assert.Empty(log.Entries);
        await audit.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Verification_ThatEndsAfterTheLedgerWasDistrusted_DoesNotSayThatItIsSound()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Distrust("somebody says so");
        folder.LedgerMetrics.Verified(folder.Time.GetUtcNow());

        Assert.Equal(Sound + " 0", await folder.MetricAsync(Sound));
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
