using SpamGuard.Addresses;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Overrides;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Tests.Desk.Ledger;

namespace SpamGuard.Tests.Desk;

/// <summary>What the ledger's entries make of an override, those of an earlier run included.</summary>
public sealed class OverrideBookTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    private long Now => _folder.Time.GetUtcNow().ToUnixTimeSeconds();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Set_Done_IsInForceWithAllThatTheLedgerSays()
    {
        var said = Said();

        var record = Assert.Single(await AfterAsync(ledger => SetAsync(ledger, said)));

        Assert.Equal(
            new OverrideRecord(
                said.Id, SubjectKind.Address, Verdict.Deny, "a reason", "support", "spiffe://example.org/support", _folder.Time.GetUtcNow(),
                said.ExpireTime, OverrideNaming.DecisionToken, OverrideState.InForce),
            record);
        Assert.DoesNotContain("AQEBAQEB", await File.ReadAllTextAsync(_folder.FilePath), StringComparison.Ordinal); // its token
    }

    [Fact]
    public async Task Set_Replacing_PutsTheOtherOutOfForce()
    {
        var (before, after) = (Said(), Said());

        var records = await AfterAsync(async ledger =>
        {
            await SetAsync(ledger, before);
            await SetAsync(ledger, after, replaced: before.Id);
        });

        Assert.Equal(
            [(before.Id, OverrideState.Unaccounted), (after.Id, OverrideState.InForce)],
            records.Select(record => (record.Id, record.State)));
    }

    [Theory]
    [InlineData(true, OverrideState.Unaccounted)]
    [InlineData(false, OverrideState.Uncertain)]
    internal async Task Clear_Done_IsOutOfForceOnceItIsConfirmed(bool isConfirmed, OverrideState expected)
    {
        var said = Said();

        var record = Assert.Single(await AfterAsync(async ledger =>
        {
            await SetAsync(ledger, said);
            await ledger.ActAsync(
                LedgerAct.OverrideClear, LedgerFolder.Somebody, OverrideBook.Clearing(said.Id), _ => Task.FromResult(new Acted<int>(0, OverrideBook.WasCleared(0, isConfirmed))));
        }));

        Assert.Equal(expected, record.State);
    }

    [Fact]
    public async Task Set_ThatMayBeDone_IsUncertainAndSoIsWhatItWasToReplace()
    {
        var (before, after) = (Said(), Said());

        var records = await AfterAsync(async ledger =>
        {
            await SetAsync(ledger, before);
            await Assert.ThrowsAsync<StoreException>(() => FailAsync(ledger, LedgerAct.OverrideSet, OverrideBook.Setting(after, Subject(), "a reason", [before.Id])));
        });

        Assert.Equal(
            [(before.Id, OverrideState.Uncertain), (after.Id, OverrideState.Uncertain)],
            records.Select(record => (record.Id, record.State)));
    }

    [Fact]
    public async Task Set_Refused_IsNotInForceAndWhatItWasToReplaceStill()
    {
        var (before, after) = (Said(), Said());

        var records = await AfterAsync(async ledger =>
        {
            await SetAsync(ledger, before);
            await Assert.ThrowsAsync<OverrideException>(() => ledger.ActAsync<int>(
                LedgerAct.OverrideSet,
                LedgerFolder.Somebody,
                OverrideBook.Setting(after, Subject(), "a reason", [before.Id]),
                static _ => throw new OverrideException(OverrideFailure.TooMany)));
        });

        Assert.Equal(
            [(before.Id, OverrideState.InForce), (after.Id, OverrideState.Unaccounted)],
            records.Select(record => (record.Id, record.State)));
    }

    [Fact]
    public async Task Clear_ThatMayBeDone_IsUncertain()
    {
        var said = Said();

        var record = Assert.Single(await AfterAsync(async ledger =>
        {
            await SetAsync(ledger, said);
            await Assert.ThrowsAsync<StoreException>(() => FailAsync(ledger, LedgerAct.OverrideClear, OverrideBook.Clearing(said.Id)));
        }));

        Assert.Equal(OverrideState.Uncertain, record.State);
    }

    [Fact]
    public async Task Set_WithoutAnOutcome_IsUncertainAndSoIsWhatItWasToReplaceAlsoAfterARestart()
    {
        var (before, said) = (Said(), Said());
        var (begun, book) = (new TaskCompletionSource(), new OverrideBook());
        using (var ledger = _folder.Open(book))
        {
            await SetAsync(ledger, before);
            var neverEnding = ledger.ActAsync(LedgerAct.OverrideSet, LedgerFolder.Somebody, OverrideBook.Setting(said, Subject(), "a reason", [before.Id]), async _ =>
            {
                begun.SetResult();
                await new TaskCompletionSource().Task;
                return new Acted<int>(0, []);
            });
            await begun.Task;
            Assert.False(neverEnding.IsCompleted);
        }

        var later = new OverrideBook();
        using var restarted = _folder.Open(later);

        Assert.All([book, later], known => Assert.Equal(
            [(before.Id, OverrideState.Uncertain), (said.Id, OverrideState.Uncertain)], known.At(Now).Select(static record => (record.Id, record.State))));
        Assert.True(later.MayBeInForce(said.Id, Now));
    }

    [Fact]
    public async Task At_AfterTheEnd_IsEmpty()
    {
        var (said, book) = (Said(), new OverrideBook());
        using var ledger = _folder.Open(book);
        await SetAsync(ledger, said);

        Assert.True(book.MayBeInForce(said.Id, said.ExpireTime - 1));
        Assert.False(book.MayBeInForce(said.Id, said.ExpireTime));
        Assert.Empty(book.At(said.ExpireTime));
    }

    private static Task<int> FailAsync(DeskLedger ledger, LedgerAct act, System.Text.Json.Nodes.JsonObject intent) =>
        ledger.ActAsync<int>(act, LedgerFolder.Somebody, intent, _ => throw new StoreException(StoreFailure.Timeout, "Away.") { MayBeDone = true });

    private static OverrideSubject Subject() => new(
        new SubjectKey(SubjectKind.Address, new SubjectToken([.. Enumerable.Repeat((byte)1, SubjectToken.Size)])), [], long.MaxValue, 32, OverrideNaming.DecisionToken);

    private static Task<int> SetAsync(DeskLedger ledger, OperatorOverride said, params OverrideId[] replaced) => ledger.ActAsync(
        LedgerAct.OverrideSet, LedgerFolder.Somebody, OverrideBook.Setting(said, Subject(), "a reason", replaced), _ => Task.FromResult(new Acted<int>(0, OverrideBook.WasSet(0, isConfirmed: true))));

    // What the running book knows, which one that reads the file anew must know too.
    private async Task<IReadOnlyList<OverrideRecord>> AfterAsync(Func<DeskLedger, Task> acts)
    {
        var (book, later) = (new OverrideBook(), new OverrideBook());
        using (var ledger = _folder.Open(book))
        {
            await acts(ledger);
        }

        using (_folder.Open(later))
        {
            Assert.Equal(book.At(Now), later.At(Now));
        }

        return book.At(Now);
    }

    private OperatorOverride Said() => new(OverrideId.New(RetentionClass.Address), Subject().Key, Verdict.Deny, Now, Now + 3600);
}
