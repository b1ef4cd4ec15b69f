using System.Runtime.Versioning;
using SpamGuard.Desk.Ledger;
using SpamGuard.Testing;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>A crash, a power cut, a full disk: what was acknowledged is there, the rest is told, and the ledger verifies.</summary>
public sealed class LedgerCrashTests
{
    [Theory]
    [InlineData(0, false)] // the first entry of a ledger
    [InlineData(1, false)] // an intent
    [InlineData(2, false)] // an outcome
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Open_AfterAnAppendThatEndedAtAnyByte_KeepsWhatWasAcknowledgedAndVerifies(int line, bool hasZeros)
    {
        using var folder = new LedgerFolder();
        var lines = LedgerText.Lines(folder.Write(acts: 1));
        var acknowledged = LedgerText.Of(lines[..line]);
        var appended = LedgerText.Of(lines[line]);
        for (var length = 0; length < appended.Length; length++)
        {
            File.WriteAllBytes(folder.FilePath, [.. acknowledged, .. appended[..length], .. new byte[hasZeros ? appended.Length - length : 0]]);
            var book = new ListBook();
            using (var ledger = folder.Open(book))
            {
                Assert.True(length % 16 != 0 || LedgerFolder.ActAsync(ledger).IsCompletedSuccessfully);
            }

            var after = File.ReadAllBytes(folder.FilePath);
            Assert.True(after.AsSpan().StartsWith(acknowledged));
            var found = LedgerFolder.Verify(after);
            Assert.Null(found.Fault);
            Assert.Empty(found.Open);
            Assert.Equal(line == 0 || (line == 1 && length < appended.Length - 1) || (line == 2 && length == appended.Length - 1) ? 0 : 1, found.Unknown);
            Assert.Equal(found.Entries, book.Entries.Count);
        }
    }

    [Fact]
    public void Open_AfterALostSector_CutsTheLineOff()
    {
        using var folder = new LedgerFolder();
        var whole = folder.Write(acts: 1);
        var begin = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        var sector = (begin + 511) / 512 * 512;

        foreach (var (from, to) in new[] { (begin, sector), (sector, Math.Min(sector + 512, whole.Length)) })
        {
            var damaged = (byte[])whole.Clone();
            Array.Clear(damaged, from, to - from);
            File.WriteAllBytes(folder.FilePath, damaged);
            using (folder.Open())
            {
            }

            Assert.Equal(1, folder.Verify().Unknown);
            Assert.Null(folder.Verify().Fault);
        }

        Assert.Equal(2, folder.Logger.Count(EventIds.LedgerTailCut));
    }

    [Fact]
    public void Open_AcknowledgedEntryWhoseEndSomebodyCutOff_IsNotCalledUnacknowledgedAndAKeptHeadTells()
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Write(acts: 1);
        var kept = folder.Verify().Head;
        File.WriteAllBytes(folder.FilePath, ledger[..^100]);
        using (folder.Open())
        {
        }

        var said = Assert.Single(folder.Logger.Entries, static entry => entry.Id == EventIds.LedgerTailCut).Text;
        Assert.Contains("bytes that are no whole entry, as a crash leaves one that nobody was told of, and who cuts the file one that somebody was", said, StringComparison.Ordinal);
        Assert.NotNull(folder.Verify(kept).Fault);
    }

    [Theory]
    [InlineData("zero")] // one byte: no sector was lost, somebody or something changed it
    [InlineData("newline")]
    [InlineData("digit")]
    [InlineData("behind")]
    public void Open_LastEntryThatWasChanged_IsRefusedAndNotCutOff(string change)
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Write(acts: 1);
        switch (change)
        {
            case "zero":
                ledger[^200] = 0;
                break;
            case "newline":
                ledger[^1] ^= 1;
                break;
            case "digit":
                ledger[^200] ^= 1;
                break;
            default:
                ledger = [.. ledger, .. "\n"u8];
                break;
        }

        File.WriteAllBytes(folder.FilePath, ledger);

        var refused = Assert.Throws<LedgerException>(() => folder.Open());
        Assert.Equal(LedgerFailure.Unusable, refused.Failure);
        Assert.StartsWith($"Ledger:Path: found '{folder.Folder}', whose ledger.ndjson is not as it must be at line {(change == "behind" ? 4 : 3)}: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ledger, File.ReadAllBytes(folder.FilePath));
    }

    [Fact]
    public async Task Open_AfterAKillBetweenIntentAndOutcome_EntersThatNobodyKnows()
    {
        using var folder = new LedgerFolder();
        using (var child = LedgerChild.Start(LedgerChild.Act, folder.Folder, folder.KeyPath))
        {
            Assert.Equal(LedgerChild.Ready, await child.StandardOutput.ReadLineAsync().DefaultTimeout());
            child.Kill();
            await child.WaitForExitAsync().DefaultTimeout();
        }

        Assert.Equal([2L], folder.Verify().Open);
        var book = new ListBook();
        using (folder.Open(book))
        {
        }

        Assert.Equal((LedgerPhase.Outcome, LedgerAct.SubjectErase, 2, LedgerEntry.Unknown), (book.Entries[^1].Phase, book.Entries[^1].Act, book.Entries[^1].Intent, book.Entries[^1].Result));
        Assert.Equal((null, 1L), (folder.Verify().Fault, folder.Verify().Unknown));
        Assert.Equal(1, folder.Logger.Count(EventIds.LedgerOutcomeUnknown));
    }

    [Fact]
    public async Task Open_LedgerOfAnotherProcess_IsRefused()
    {
        using var folder = new LedgerFolder();
        using var child = LedgerChild.Start(LedgerChild.Hold, folder.Folder, folder.KeyPath);
        Assert.Equal(LedgerChild.Ready, await child.StandardOutput.ReadLineAsync().DefaultTimeout());

        var refused = Assert.Throws<LedgerException>(() => folder.Open());

        Assert.Contains("which another process uses", refused.Message, StringComparison.Ordinal);
        Assert.Null(folder.Verify().Fault); // reading it is no matter of the lock
        child.StandardInput.Close();
        await child.WaitForExitAsync().DefaultTimeout();
        using (folder.Open())
        {
        }
    }

    [Theory]
    [InlineData(0, nameof(LedgerFailure.Unwritable))]
    [InlineData(100, nameof(LedgerFailure.Unwritable))] // a part of the intent fits
    [InlineData(1000, nameof(LedgerFailure.OutcomeUnwritten))] // the intent, and a part of the outcome
    public async Task ActAsync_OnAFullDisk_IsRefusedAndLeavesNoPartOfAnEntry(int room, string failure)
    {
        using var folder = new LedgerFolder();
        using (var child = LedgerChild.Start(LedgerChild.Full, folder.Folder, folder.KeyPath, FormattableString.Invariant($"{room}")))
        {
            Assert.Equal($"{failure}\nDone\n", await child.StandardOutput.ReadToEndAsync().DefaultTimeout());
            await child.WaitForExitAsync().DefaultTimeout();
        }

        var found = folder.Verify();
        Assert.Null(found.Fault);
        Assert.Equal(failure is nameof(LedgerFailure.OutcomeUnwritten) ? [2L] : [], found.Open);
    }

    [Fact]
    public async Task ActAsync_LedgerThatSomebodyElseChanges_IsRefusedFromThenOn()
    {
        foreach (var change in new Action<string>[]
                 {
                     static path => File.AppendAllText(path, "x"),
                     static path => File.Move(path, path + ".old"),
                     static path => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]),
                 })
        {
            using var folder = new LedgerFolder();
            using var ledger = folder.Open();
            change(folder.FilePath);

            var begun = false;
            for (var i = 0; i < 2; i++)
            {
                var refused = await Assert.ThrowsAsync<LedgerException>(() => ledger.ActAsync(LedgerAct.EpochRoll, LedgerFolder.Somebody, [], _ =>
                {
                    begun = true;
                    return Task.FromResult(new Acted<int>(0, []));
                }));
                Assert.Equal(LedgerFailure.Unwritable, refused.Failure);
            }

            Assert.False(begun);
            Assert.Equal(2, folder.Logger.Count(EventIds.LedgerNotWritten));
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Open_Files_AreForTheOwnerAndToBeReadByTheGroup()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 0);

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder.FilePath) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Folder, "ledger.lock")));
    }

    [Fact]
    public void Open_FileThatIsALink_IsFollowed()
    {
        using var folder = new LedgerFolder();
        File.CreateSymbolicLink(folder.FilePath, Path.Combine(folder.Folder, "elsewhere"));
        File.WriteAllBytes(Path.Combine(folder.Folder, "elsewhere"), []);

        folder.Write(acts: 2);

        Assert.Equal((null, 5L), (folder.Verify().Fault, folder.Verify().Entries));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nowhere")]
    public void Open_NoFolder_SaysSo(string below)
    {
        using var folder = new LedgerFolder();
        var path = below.Length == 0 ? folder.KeyPath : below;

        var refused = Assert.Throws<LedgerException>(() => LedgerFolder.Open(path, folder.KeyPath, folder.Logger));

        Assert.Equal(
            $"Ledger:Path: found '{path}', which is no folder; allowed is a folder that this process can write, on a volume that outlives it, with no ledger in it or one that verifies.", refused.Message);
    }
}
