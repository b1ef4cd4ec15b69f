using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using SpamGuard.Desk.Ledger;
using SpamGuard.Storage;

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
        Assert.Equal(folder.Verify().Head, ledger.Head);
    }

    [Fact]
    public async Task ActAsync_ThatThrows_IsEnteredAsFailedAndThrowsOn()
    {
        using var folder = new LedgerFolder();
        var book = new ListBook();
        using var ledger = folder.Open(book);

        await Assert.ThrowsAsync<InvalidDataException>(() => ledger.ActAsync<int>(
            LedgerAct.SubjectErase, LedgerFolder.Somebody, [], static _ => throw new InvalidDataException()));

        Assert.Equal((LedgerPhase.Outcome, LedgerEntry.Failed), (book.Entries[^1].Phase, book.Entries[^1].Result));
        Assert.Empty(folder.Verify().Open);
    }

    [Fact]
    public async Task ActAsync_WhoseWritingTheStoreDoesNotAnswer_IsEnteredAsUnknownAndCounted()
    {
        using var folder = new LedgerFolder();
        var book = new ListBook();
        using var ledger = folder.Open(book);

        await Assert.ThrowsAsync<StoreException>(() => ledger.ActAsync<int>(
            LedgerAct.SubjectErase, LedgerFolder.Somebody, [], static _ => throw new StoreException(StoreFailure.Timeout, "Away.") { MayBeDone = true }));
        await Assert.ThrowsAsync<StoreException>(() => ledger.ActAsync<int>(
            LedgerAct.SubjectInspect, LedgerFolder.Somebody, [], static _ => throw new StoreException(StoreFailure.Timeout, "Away.")));

        Assert.Equal([LedgerEntry.Unknown, LedgerEntry.Failed], book.Entries.Where(static entry => entry.Phase == LedgerPhase.Outcome).Select(static entry => entry.Result));
        Assert.Equal("spamguard_ledger_unknown_outcomes 1", await folder.MetricAsync("spamguard_ledger_unknown_outcomes"));
    }

    [Fact]
    public async Task ActAsync_CheckThatThrows_EntersNothingAndDoesNothing()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var head = ledger.Head;

        await Assert.ThrowsAsync<InvalidDataException>(() => ledger.ActAsync<int>(
            LedgerAct.DisclosureExecute, LedgerFolder.Somebody, [], static _ => throw new NotSupportedException(), static _ => throw new InvalidDataException()));
        await Assert.ThrowsAsync<InvalidDataException>(() => ledger.NoteAsync(LedgerAct.DisclosureRefuse, null, [], static _ => throw new InvalidDataException()));

        Assert.Equal(head, ledger.Head);
        Assert.Equal(1, folder.Verify().Entries);
        await LedgerFolder.ActAsync(ledger);
    }

    [Fact]
    public async Task ActAsync_Check_GetsTheTimeOfTheEntry()
    {
        using var folder = new LedgerFolder();
        var book = new ListBook();
        using var ledger = folder.Open(book);
        folder.Time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1); // with each look at the clock
        List<DateTimeOffset> asked = [];

        await ledger.ActAsync(LedgerAct.DisclosureExecute, LedgerFolder.Somebody, [], static _ => Task.FromResult(new Acted<int>(0, [])), asked.Add);
        await ledger.NoteAsync(LedgerAct.DisclosureRefuse, null, [], asked.Add);

        Assert.Equal([book.Entries[1].Time, book.Entries[3].Time], asked);
    }

    [Fact]
    public async Task ActAsync_ManyAtOnce_AreAllEnteredInOneOrderAndOnlyOnePassesTheCheck()
    {
        using var folder = new LedgerFolder();
        var book = new ListBook();
        using (var ledger = folder.Open(book))
        {
            var acts = Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
            {
                try
                {
                    return await ledger.ActAsync(
                        i % 2 == 0 ? LedgerAct.OverrideSet : LedgerAct.DisclosureExecute, LedgerFolder.Somebody, [],
                        async begun =>
                        {
                            await Task.Yield();
                            return new Acted<int>(1, new JsonObject { ["seq"] = begun.Seq });
                        },
                        _ =>
                        {
                            if (i % 2 == 1 && book.Entries.Any(static entry => entry.Act == LedgerAct.DisclosureExecute))
                            {
                                throw new InvalidDataException();
                            }
                        });
                }
                catch (InvalidDataException)
                {
                    return 0;
                }
            }));

            Assert.Equal(26, (await Task.WhenAll(acts)).Sum());
        }

        Assert.Equal((null, 53L), (folder.Verify().Fault, folder.Verify().Entries));
        Assert.Equal(book.Entries.Select(static (_, i) => i + 1L), book.Entries.Select(static entry => entry.Seq));
        Assert.All(book.Entries.Where(static entry => entry.Phase == LedgerPhase.Outcome), static entry => Assert.Equal(entry.Intent, entry.Number("seq")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ActAsync_DataThatCouldNotBeReadAgain_IsRefusedAndSpoilsNothing(bool isLong)
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var data = new JsonObject { ["text"] = isLong ? new string('x', LedgerLine.MaxBytes) : null };
        for (var i = 0; i < 70 && !isLong; i++)
        {
            data = new JsonObject { ["deeper"] = data };
        }

        var before = await Assert.ThrowsAsync<LedgerException>(() => ledger.ActAsync<int>(LedgerAct.OverrideSet, LedgerFolder.Somebody, data, static _ => throw new NotSupportedException()));
        var after = await Assert.ThrowsAsync<LedgerException>(() => ledger.ActAsync(
            LedgerAct.OverrideSet, LedgerFolder.Somebody, [], _ => Task.FromResult(new Acted<int>(0, data))));

        Assert.Equal((LedgerFailure.Unwritable, LedgerFailure.OutcomeUnwritten), (before.Failure, after.Failure));
        Assert.Equal((null, 2L), (folder.Verify().Fault, folder.Verify().Entries));
        await LedgerFolder.ActAsync(ledger);
    }

    [Fact]
    public async Task Dispose_WhileAnActGoesOn_RefusesItsOutcomeAndTheNextStartSaysThatNobodyKnows()
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Open();
        var goOn = new TaskCompletionSource<Acted<int>>();
        var act = ledger.ActAsync(LedgerAct.EpochRoll, LedgerFolder.Somebody, [], _ => goOn.Task);
        ledger.Dispose();
        goOn.SetResult(new Acted<int>(0, []));

        Assert.Equal(LedgerFailure.OutcomeUnwritten, (await Assert.ThrowsAsync<LedgerException>(() => act)).Failure);
        Assert.Equal(LedgerFailure.Unwritable, (await Assert.ThrowsAsync<LedgerException>(() => LedgerFolder.ActAsync(ledger))).Failure);
        using (folder.Open())
        {
        }

        Assert.Equal((null, 1L), (folder.Verify().Fault, folder.Verify().Unknown));
    }

    [Fact]
    public async Task Distrust_FromThenOn_NothingIsBegun()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Distrust("somebody says so");

        Assert.Equal(LedgerFailure.Unwritable, (await Assert.ThrowsAsync<LedgerException>(() => LedgerFolder.ActAsync(ledger))).Failure);
    }

    [Fact]
    public async Task NoteAsync_BookThatThrows_LosesNoEntry()
    {
        using var folder = new LedgerFolder();
        using (var ledger = folder.Open(new ThrowingBook()))
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => ledger.NoteAsync(LedgerAct.PolicyObserved, null, []));
            await ledger.NoteAsync(LedgerAct.PepperObserved, null, []);
            Assert.Equal(3, ledger.Head.Seq);
        }

        Assert.Equal((null, 3L), (folder.Verify().Fault, folder.Verify().Entries));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Open_ClosedWhileAChildStillHadTheFile_IsOpened()
    {
        using var folder = new LedgerFolder();
        SafeFileHandle inherited;
        using (folder.Open())
        {
            // As a process that was forked a moment ago has it, until it runs its own program.
            var open = Directory.GetFiles("/proc/self/fd").Single(link => string.Equals(new FileInfo(link).LinkTarget, folder.FilePath, StringComparison.Ordinal));
            inherited = new SafeFileHandle(Duplicate(int.Parse(Path.GetFileName(open), CultureInfo.InvariantCulture)), ownsHandle: true);
            Assert.False(inherited.IsInvalid);
        }

        using (inherited)
        using (var again = folder.Open())
        {
            Assert.Equal(1, again.Head.Seq);
        }
    }

    [Fact]
    public void Open_TwiceInOneProcess_IsRefused()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();

        Assert.Contains("which another process uses", Assert.Throws<LedgerException>(() => folder.Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)] // ledger.lock is removed, as a copying program does that knows nothing of it
    [InlineData(true)] // another folder, where a link leads to the same file
    public async Task Open_SameFileByAnotherLock_IsRefusedAndTheFirstGoesOn(bool isLink)
    {
        using var folder = new LedgerFolder();
        using var other = new LedgerFolder { KeyPath = folder.KeyPath };
        using var ledger = folder.Open();
        if (isLink)
        {
            File.CreateSymbolicLink(other.FilePath, folder.FilePath);
        }
        else
        {
            File.Delete(Path.Combine(folder.Folder, "ledger.lock"));
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Contains("which another process uses", Assert.Throws<LedgerException>(() => (isLink ? other : folder).Open()).Message, StringComparison.Ordinal);
            await LedgerFolder.ActAsync(ledger);
            using (LedgerFile.OpenToRead(folder.FilePath)) // that a reader closes the file does not give the lock up
            {
            }
        }

        Assert.Equal((null, 5L), (folder.Verify().Fault, folder.Verify().Entries));
    }

    [Fact]
    public async Task Open_AgainAndAgain_TellsTheBooksTheSame()
    {
        using var folder = new LedgerFolder();
        var first = new ListBook();
        using (var ledger = folder.Open(first))
        {
            await LedgerFolder.ActAsync(ledger, 17);
            await ledger.NoteAsync(LedgerAct.PolicyObserved, null, new JsonObject { ["revision"] = "1f" });
        }

        var (length, second) = (new FileInfo(folder.FilePath).Length, new ListBook());
        using (folder.Open(second))
        {
        }

        Assert.Equal(length, new FileInfo(folder.FilePath).Length);
        Assert.Equal(first.Entries.Select(static entry => entry with { Data = [] }).Select(static entry => entry.ToString()), second.Entries.Select(static entry => entry with { Data = [] }).Select(static entry => entry.ToString()));
        Assert.All(first.Entries.Zip(second.Entries), static pair => Assert.True(JsonNode.DeepEquals(pair.First.Data, pair.Second.Data)));
        Assert.Equal(1, folder.Logger.Count(EventIds.LedgerBegun));
    }

    [DllImport("libc", EntryPoint = "dup", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int file);

    private sealed class ThrowingBook : ILedgerBook
    {
        public void Read(LedgerEntry entry)
        {
            if (entry.Act == LedgerAct.PolicyObserved)
            {
                throw new NotSupportedException();
            }
        }
    }
}
