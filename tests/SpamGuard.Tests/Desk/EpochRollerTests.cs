using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Desk;
using SpamGuard.Desk.Ledger;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Tests.Desk.Ledger;
using SpamGuard.Tests.Epochs;
using SpamGuard.Tests.Scoring;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Desk;

public sealed class EpochRollerTests : IAsyncLifetime, IDisposable
{
    private static readonly EpochCalendar Calendar = new();
    private static readonly LedgerActor OnCall = new("on-call", "on-call.example.org", "");

    private readonly LedgerFolder _folder = new();
    private readonly ListBook _entries = new();
    private readonly DeskLedger _ledger;
    private readonly GuardOnAStore _guard = new();
    private readonly SwitchedStore _desk;
    private readonly DeskOptions _options = new();
    private readonly RecordingLogger<EpochRoller> _log = new();
    private readonly EpochRoller _roller;

    public EpochRollerTests()
    {
        _ledger = _folder.Open(_entries);
        _desk = new SwitchedStore(_guard.Real);
        _roller = Roller(_guard.Epochs);
    }

    public async Task InitializeAsync() => await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _guard.Dispose();
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Roll_OfAll_ForgetsEverythingAtTheNextRefreshAndCountsNoConflict()
    {
        var last = await _guard.BurstAsync(SignUp(), 8);
        Assert.NotEqual(Verdict.Allow, last.Verdict);

        var rolled = (await _roller.RollAsync(RetentionClass.Salted, OnCall)).Rolled;
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        Assert.Equal(
            [("address", 0, 1), ("address", -1, 0), ("network", 0, 1), ("network", -1, 0)],
            rolled.Select(one => (one.Epoch.Class.Name, one.Epoch.Number - Current(one.Epoch.Class).Number, (int)one.OldGeneration)));
        Assert.All(rolled, one => Assert.Equal(_guard.Clock.Now, one.NewGeneration));
        Assert.Equal(Verdict.Allow, (await _guard.PreviewAsync(SignUp())).Verdict);
        Assert.Equal(TokenState.Invalid, _guard.Tokens.Open(last.DecisionToken, out _));
        Assert.Contains("spamguard_salt_conflicts_total{class=\"address\"} 0\n", await _guard.MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal(4, _log.Count(EventIds.EpochRolled));
        Assert.All(_log.Entries, entry => Assert.Equal(LogLevel.Warning, entry.Level));
        Assert.All(_log.Entries, entry => Assert.StartsWith("on-call had the ", entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Roll_OfOneClass_LeavesTheOtherAlone()
    {
        var network = _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Network);

        await _roller.RollAsync([RetentionClass.Address], OnCall);
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        Assert.Same(network, _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Network));
        Assert.Equal(_guard.Clock.Now, _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Address).Generation);
    }

    [Fact]
    public async Task Roll_WhereTheNextSaltIsMade_RollsThatToo()
    {
        var next = Current(RetentionClass.Address).Next;
        _guard.Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(Calendar.Start(next) - 60));
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        var rolled = (await _roller.RollAsync([RetentionClass.Address], OnCall)).Rolled;

        Assert.Contains(rolled, one => one.Epoch == next && one.OldGeneration == 1);
    }

    [Fact]
    public async Task Roll_UnderANewPepper_UsesItAtOnce()
    {
        var old = _guard.Peppers.NewestId;
        var kept = _guard.Peppers.Find(old)!;
        byte[] fresh = [.. Enumerable.Repeat((byte)9, PepperRing.PepperSize)];
        _guard.Peppers.Replace([fresh, kept]);

        var rolled = (await _roller.RollAsync(RetentionClass.Salted, OnCall)).Rolled;
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        Assert.All(rolled, one => Assert.Equal(_guard.Peppers.NewestId, one.PepperId));
        Assert.DoesNotContain(_guard.Epochs.NamedPeppers(_guard.Clock.Now), named => named.PepperId == old); // it can be taken away
    }

    [Fact]
    public async Task Roll_OfASaltThatTheStoreHasLost_GoesAboveWhatIsKnown()
    {
        await _roller.RollAsync(RetentionClass.Salted, OnCall);
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
        _desk.Inner = _guard.Store.Inner = new InProcessSignalStore(_guard.Time);

        var rolled = (await _roller.RollAsync([RetentionClass.Address], OnCall)).Rolled;
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        Assert.Contains(rolled, one => one.OldGeneration == _guard.Clock.Now && one.NewGeneration == _guard.Clock.Now + 1);
        Assert.Equal(_guard.Clock.Now + 1, _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Address).Generation); // and was not planted back
    }

    [Fact]
    public async Task Roll_ByADeskThatIsNew_OverAStoreThatIsEmpty_GoesAboveWhatOthersHold()
    {
        await _roller.RollAsync(RetentionClass.Salted, OnCall);
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);
        var before = _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Address);
        _desk.Inner = _guard.Store.Inner = new InProcessSignalStore(_guard.Time);
        _guard.Time.Advance(TimeSpan.FromSeconds(1));
        using var none = KnowsNothing();

        await Roller(none).RollAsync([RetentionClass.Address], OnCall);
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        var after = _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Address);
        Assert.NotSame(before, after); // what it held was not planted back
        Assert.True(after.Generation > before.Generation);
    }

    [Fact]
    public async Task Roll_WithoutTheStore_RollsNothing()
    {
        _desk.Inner = null;
        await Assert.ThrowsAsync<StoreException>(() => _roller.RollAsync(RetentionClass.Salted, OnCall));
        Assert.Equal(0, _log.Count(EventIds.EpochRolled));
        Assert.Equal("failed", _entries.Entries[^1].Result);
    }

    [Fact]
    public async Task Roll_ThatCannotBeEntered_RollsNothing()
    {
        var before = _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Address);
        _ledger.Distrust("somebody says so");

        var fault = await Assert.ThrowsAsync<LedgerException>(() => _roller.RollAsync(RetentionClass.Salted, OnCall));
        await _guard.Epochs.RefreshAsync(_guard.Clock.Now, default);

        Assert.Equal(LedgerFailure.Unwritable, fault.Failure);
        Assert.Same(before, _guard.Epochs.Live(_guard.Clock.Now)!.Current(RetentionClass.Address));
        Assert.Equal(0, _log.Count(EventIds.EpochRolled));
    }

    [Fact]
    public async Task Roll_OfOneClass_IsEnteredBeforeAndAfter()
    {
        var rolled = (await _roller.RollAsync([RetentionClass.Network], OnCall)).Rolled;

        Assert.Equal([LedgerPhase.Intent, LedgerPhase.Outcome], _entries.Entries.TakeLast(2).Select(entry => entry.Phase));
        Assert.All(_entries.Entries.TakeLast(2), entry => Assert.Equal((LedgerAct.EpochRoll, OnCall), (entry.Act, entry.By)));
        Assert.Equal("network", _entries.Entries[^2].Text("epoch_class"));
        Assert.True(_entries.Entries[^1].IsDone);
        Assert.Equal(
            rolled.Select(one => ("network", one.Epoch.Number, one.OldGeneration, one.NewGeneration, $"{_guard.Peppers.NewestId:x16}")),
            Epochs("epochs").Select(one => ((string)one["class"]!, (int)one["number"]!, (uint)one["old_generation"]!, (uint)one["new_generation"]!, (string)one["pepper_id"]!)));
        Assert.Empty(Epochs("failed"));
    }

    [Fact]
    public async Task Roll_ThatFailsForOneEpoch_RollsTheOthersAndSaysWhichMayNotBe()
    {
        var bad = Current(RetentionClass.Address);
        _desk.Away = bad;

        var fault = await Assert.ThrowsAsync<RollFailedException>(() => _roller.RollAsync(RetentionClass.Salted, OnCall));

        Assert.Equal([bad], fault.Failed);
        Assert.Equal([bad.Previous, Current(RetentionClass.Network), Current(RetentionClass.Network).Previous], fault.Done.Rolled.Select(one => one.Epoch));
        Assert.Equal(("both", "unknown"), (_entries.Entries[^2].Text("epoch_class"), _entries.Entries[^1].Result));
        Assert.Equal(3, Epochs("epochs").Count());
        Assert.Equal(bad.Number, (int)Assert.Single(Epochs("failed"))["number"]!);
    }

    [Fact]
    public async Task Roll_OfARecordThatIsNone_DeletesItAndGoesAboveWhatIsKnown()
    {
        var bad = Current(RetentionClass.Address);
        _desk.Malformed = bad;

        var done = await _roller.RollAsync(RetentionClass.Salted, OnCall);

        Assert.Equal([bad], done.Removed);
        Assert.Equal(4, done.Rolled.Count);
        Assert.Contains(done.Rolled, one => one.Epoch == bad && one.OldGeneration == 1);
    }

    [Fact]
    public async Task Roll_WhereTheNextSaltWasPlantedDaysEarly_DeletesItAndRollsTheOthers()
    {
        var next = Current(RetentionClass.Address).Next;
        _desk.TooEarly = next;

        var done = await _roller.RollAsync(RetentionClass.Salted, OnCall);

        Assert.Equal([next], done.Removed);
        Assert.Equal(4, done.Rolled.Count);
        Assert.DoesNotContain(done.Rolled, one => one.Epoch == next);
    }

    [Fact]
    public async Task Roll_ThatAReplicaDoesNotAcknowledge_IsDoneAndSaidNotToBeSafe()
    {
        (_options.Replicas, _desk.Replicas) = (2, 1);
        var current = Current(RetentionClass.Address);
        _desk.TooEarly = current.Next;

        var fault = await Assert.ThrowsAsync<RollFailedException>(() => _roller.RollAsync([RetentionClass.Address], OnCall));

        Assert.Empty(fault.Done.Rolled);
        Assert.Equal([current.Next], fault.Done.Removed);
        Assert.Equal([current, current.Previous, current.Next], fault.Failed);
        Assert.Contains("only 1 of 2 replicas", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, _log.Count(EventIds.EpochRolled)); // for every process follows
        Assert.All(Epochs("epochs"), one => Assert.Equal(1, (int)one["replicas"]!));
        Assert.Equal((2, 1, 3), (Epochs("epochs").Count(), Epochs("removed").Count(), Epochs("failed").Count()));
        Assert.Equal("unknown", _entries.Entries[^1].Result);

        _desk.Replicas = 2;
        Assert.All((await _roller.RollAsync([RetentionClass.Address], OnCall)).Rolled, one => Assert.Equal(2, one.Replicas));
    }

    [Fact]
    public async Task Roll_OfAGenerationThatNobodyCanHaveMadeYet_DeletesItAndRolls()
    {
        var epoch = Current(RetentionClass.Address);
        _desk.Ahead = epoch; // 4294967295: it can't be raised

        var done = await _roller.RollAsync([RetentionClass.Address], OnCall);

        Assert.Equal([epoch], done.Removed);
        Assert.Equal([(epoch, (uint)_guard.Clock.Now), (epoch.Previous, (uint)_guard.Clock.Now)], done.Rolled.Select(one => (one.Epoch, one.NewGeneration)));
    }

    [Fact]
    public async Task Roll_OfTheHighestGeneration_SaysThatThereIsNoHigherOne()
    {
        _guard.Time.SetUtcNow(new DateTimeOffset(2107, 1, 1, 0, 0, 0, TimeSpan.Zero)); // unix seconds have more than 32 bits
        using var none = KnowsNothing();
        var rolled = (await Roller(none).RollAsync([RetentionClass.Address], OnCall)).Rolled;
        Assert.All(rolled, one => Assert.Equal(uint.MaxValue, one.NewGeneration));

        var fault = await Assert.ThrowsAsync<RollFailedException>(() => Roller(none).RollAsync([RetentionClass.Address], OnCall));

        Assert.Empty(fault.Done.Rolled);
        Assert.Contains("can't be raised any more", fault.Message, StringComparison.Ordinal);
        Assert.Equal("failed", _entries.Entries[^1].Result);
    }

    [Fact]
    public async Task Roll_OfTwoAtOnce_IsDoneByBoth()
    {
        using var none = KnowsNothing();
        var other = Roller(none);

        var one = (await _roller.RollAsync([RetentionClass.Address], OnCall)).Rolled;
        var two = (await other.RollAsync([RetentionClass.Address], OnCall)).Rolled;

        Assert.All(one.Zip(two), pair => Assert.Equal(pair.First.NewGeneration + 1, pair.Second.NewGeneration));
    }

    private EpochId Current(RetentionClass retention) => Calendar.At(retention, _guard.Clock.Now);

    /// <summary>A list of the last entry.</summary>
    private IEnumerable<JsonObject> Epochs(string name) => _entries.Entries[^1].Data[name]!.AsArray().Select(one => one!.AsObject());

    private EpochKeeper KnowsNothing() =>
        new(_guard.Real, _guard.Peppers, Calendar, new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())));

    private EpochRoller Roller(EpochKeeper epochs) => new(_desk, _desk, Options.Create(_options), _guard.Peppers, epochs, Calendar, EpochPace.OfService, _ledger, _log);
}
