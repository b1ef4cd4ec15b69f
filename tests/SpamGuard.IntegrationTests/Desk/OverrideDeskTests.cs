using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Desk;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Overrides;
using SpamGuard.Desk.Transparency;
using SpamGuard.IntegrationTests.Storage;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>What ledger, list and report say of an override whose setting or clearing is interrupted, on a real Redis.</summary>
[Collection(nameof(RedisCollection))]
public sealed class OverrideDeskTests(RedisFixture redis) : IAsyncLifetime, IDisposable
{
    private static readonly LedgerActor Support = new("support", "spiffe://example.org/support", new string('a', 64));

    private readonly LedgerVolume _volume = new();
    private readonly OverrideBook _book = new();
    private readonly TransparencyBook _figures = new();
    private StoreUnderTest? _server;
    private InterruptedOverrides? _store;
    private DeskLedger? _ledger;
    private OverrideDesk? _desk;

    private InterruptedOverrides Store => _store!;

    private OverrideDesk Desk => _desk!;

    private ActFigures Figures => Assert.Single(_figures.Figures(_figures.Span(Now), Now).Months).Acts;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        _server = await StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Desk), SignalTopology.Standalone, redis.AdminConnection);
        _store = new InterruptedOverrides(_server.Overrides);
        _ledger = new DeskLedger(
            Options.Create(new LedgerOptions { Path = _volume.Folder, KeyPath = _volume.KeyPath }),
            [_book, _figures],
            TimeProvider.System,
            new LedgerMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())),
            NullLogger<DeskLedger>.Instance);
        _desk = new OverrideDesk(_store, _ledger, _book, new StoreClock(TimeProvider.System), Options.Create(new DeskOptions()), NullLogger<OverrideDesk>.Instance);
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose()
    {
        _desk?.Dispose();
        _ledger?.Dispose();
        _volume.Dispose();
    }

    [Fact]
    public async Task SetAndClear_CallerLeavesOnceItIsBegun_AreDoneToTheirEnd()
    {
        using var set = new CancellationTokenSource();
        Store.Before = set.Cancel;
        var id = (await SetAsync("leaving", set.Token)).Said.Id;

        var (listed, outcome) = (Assert.Single(await ListAsync()), _volume.Entries(LedgerAct.OverrideSet)[^1]);
        Assert.Equal((id, OverrideState.InForce, true), (listed.Id, listed.State, outcome.IsDone));

        using var clear = new CancellationTokenSource();
        Store.Before = clear.Cancel;
        await Desk.ClearAsync(id, Support, clear.Token).DefaultTimeout();

        Assert.Empty(await ListAsync());
        Assert.True(_volume.Entries(LedgerAct.OverrideClear)[^1].IsDone);
        Assert.Empty(_volume.Verify().Open);
    }

    [Fact]
    public async Task Set_CallerHasLeftBefore_IsNotBegun()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SetAsync("left", new CancellationToken(canceled: true)));

        Assert.Empty(_volume.Entries(LedgerAct.OverrideSet));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task SetAndClear_AnswerOfTheStoreIsLost_AreUnknownAndListedAsTheStoreHasThem()
    {
        var first = (await SetAsync("lost")).Said.Id;
        Store.After = static () => throw new StoreException(StoreFailure.Timeout, "Away.") { MayBeDone = true };

        await Assert.ThrowsAsync<StoreException>(() => SetAsync("lost"));

        Assert.Equal(LedgerEntry.Unknown, _volume.Entries(LedgerAct.OverrideSet)[^1].Result);
        Assert.Equal((1, 1), (Figures.OverridesDeny, Figures.OutcomeUnknown));
        var listed = await ListAsync();
        var second = Assert.Single(listed, static one => one.State == OverrideState.InForce);
        Assert.Equal(("a reason", Support.Identity), (second.Reason, second.Identity));
        Assert.Equal((first, OverrideState.Uncertain), Assert.Single(listed.Where(one => one != second).Select(static one => (one.Id, one.State))));

        await Assert.ThrowsAsync<StoreException>(() => Desk.ClearAsync(second.Id, Support, CancellationToken.None));

        Assert.All(await ListAsync(), static one => Assert.Equal(OverrideState.Uncertain, one.State));
        Store.After = static () => { };
        await Desk.ClearAsync(first, Support, CancellationToken.None);
        await Desk.ClearAsync(second.Id, Support, CancellationToken.None);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Set_OutcomeThatCannotBeEntered_LeavesWhatItReplacedUncertainAndNotLost()
    {
        var first = (await SetAsync("unwritten")).Said.Id;
        Store.After = () => _ledger!.Distrust("somebody says so");

        var fault = await Assert.ThrowsAsync<LedgerException>(() => SetAsync("unwritten"));

        Assert.Equal(LedgerFailure.OutcomeUnwritten, fault.Failure);
        Assert.Equal([(true, OverrideState.Uncertain), (false, OverrideState.InForce)], (await ListAsync()).OrderBy(one => one.Id != first).Select(one => (one.Id == first, one.State)));
    }

    private Task<SetOverride> SetAsync(string name, CancellationToken cancellationToken = default) => Desk.SetAsync(
        new OverrideSubject(Subjects.Key(SubjectKind.Address, name), [], long.MaxValue, 32, OverrideNaming.Address),
        Verdict.Deny,
        "a reason",
        Now.ToUnixTimeSeconds() + 3600,
        Support,
        cancellationToken).DefaultTimeout();

    private Task<IReadOnlyList<OverrideRecord>> ListAsync() => Desk.ListAsync(CancellationToken.None).DefaultTimeout();
}
