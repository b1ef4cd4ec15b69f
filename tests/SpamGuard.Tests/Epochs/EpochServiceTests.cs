using Prometheus;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Epochs;

public sealed class EpochServiceTests : IDisposable
{
    private readonly SteppedTime _time = new(Start);
    private readonly SwitchedStore _store = new(inner: null);
    private readonly byte[] _pepper = [.. Enumerable.Repeat((byte)7, PepperRing.PepperSize)];
    private readonly EpochKeeper _epochs;
    private readonly StoreClock _clock;
    private readonly StoreHealth _health;
    private readonly RecordingLogger<EpochService> _log = new();
    private readonly EpochService _service;

    public EpochServiceTests()
    {
        var metrics = new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        _epochs = new EpochKeeper(_store, new PepperRing([.. _pepper]), new EpochCalendar(), metrics);
        _clock = new StoreClock(_time);
        _health = new StoreHealth(_time, _clock);
        _service = new EpochService(_store, _epochs, _clock, _health, metrics, EpochPace.OfService, _time, _log);
    }

    public void Dispose()
    {
        _service.Dispose();
        _epochs.Dispose();
    }

    [Fact]
    public async Task Service_WhileTheStoreIsAway_TriesOnAndSaysSoOnce()
    {
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => Logged(EventIds.EpochRefreshFailed) == 1);
        for (var i = 0; i < 20; i++)
        {
            await _time.StepAsync();
        }

        Assert.Null(_epochs.Live(_clock.Now));
        Assert.NotNull(_health.Outage);
        _store.Inner = new InProcessSignalStore(_time);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null && Logged(EventIds.EpochRefreshRecovered) == 1);
        Assert.Equal(1, Logged(EventIds.EpochRefreshFailed));
        await _time.StepUntilAsync(() => _health.Outage is null); // without any other call
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_OverTheEndOfAnEpoch_HasTheNextSaltInTime()
    {
        _store.Inner = new InProcessSignalStore(_time);
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null);
        var calendar = new EpochCalendar();
        var next = calendar.At(RetentionClass.Address, _clock.Now).Next;

        await _time.JumpAsync(DateTimeOffset.FromUnixTimeSeconds(calendar.Start(next) - 300));
        await _time.StepUntilAsync(() => _epochs.Find(next, _clock.Now) is not null);
        Assert.True(_clock.Now < calendar.Start(next));
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_WhileTheStoreIsAway_ZeroesWhatIsOver()
    {
        _store.Inner = new InProcessSignalStore(_time);
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null);
        var secret = _epochs.Live(_clock.Now)!.Current(RetentionClass.Address);

        _store.Inner = null;
        await _time.JumpAsync(DateTimeOffset.FromUnixTimeSeconds(new EpochCalendar().End(secret.Id)));
        await _time.StepUntilAsync(() => Array.TrueForAll(secret.ToRecord().Salt, value => value == 0));
        Assert.Throws<ObjectDisposedException>(() => secret.Hasher.Key(SubjectKind.Address, Address("198.18.7.9")));
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_WhileTheStoreIsAwayAndTheClockIsPutBack_ZeroesWhatIsOverOnTime()
    {
        _store.Inner = new InProcessSignalStore(_time);
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null);
        var secret = _epochs.Live(_clock.Now)!.Current(RetentionClass.Address);
        var end = DateTimeOffset.FromUnixTimeSeconds(new EpochCalendar().End(secret.Id));

        _store.Inner = null;
        await _time.JumpAsync(end.AddSeconds(-30));
        await _time.StepUntilAsync(() => true);
        _time.Shift = TimeSpan.FromHours(-1);
        var since = _time.GetTimestamp();
        await _time.StepUntilAsync(() => Array.TrueForAll(secret.ToRecord().Salt, value => value == 0));

        Assert.InRange(_time.GetElapsedTime(since), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40)); // ten after its end, and not an hour
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_UnderAClockThatIsFarOff_SaysSoOnceAndPlantsNoSalt()
    {
        var there = new VirtualClock();
        there.Set(Start.AddMinutes(5));
        var store = new InProcessSignalStore(there);
        _store.Inner = store;
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => Logged(EventIds.ClockSkewed) == 1);
        Assert.True(_clock.IsSkewed);
        Assert.NotNull(_health.Outage);
        var calendar = new EpochCalendar();
        foreach (var retention in RetentionClass.Salted)
        {
            var epoch = calendar.At(retention, Start.ToUnixTimeSeconds());
            Assert.Null(await store.EpochAsync(epoch, candidate: null, calendar.End(epoch), default));
        }

        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_UnderAClockThatIsFarOff_FollowsARollByTheStoresClockAndPlantsNothing()
    {
        var there = new VirtualClock();
        there.Set(Start.AddDays(10)); // in other epochs
        var store = new InProcessSignalStore(there);
        var now = there.GetUtcNow().ToUnixTimeSeconds();
        using var others = new EpochKeeper(
            store, new PepperRing(_pepper), new EpochCalendar(), new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())));
        await others.RefreshAsync(now, default);
        var spy = new SpyingStore(store);
        _store.Inner = spy;
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => _epochs.Live(now) is not null);
        var before = _epochs.Live(now)!.Current(RetentionClass.Address);

        var rolled = new EpochRecord(before.Generation + 1, before.PepperId, [.. Enumerable.Repeat((byte)9, EpochRecord.SaltSize)]);
        await store.EpochAsync(before.Id, rolled, new EpochCalendar().End(before.Id), default);
        await _time.StepUntilAsync(() => _epochs.Find(before.Id, now)?.Generation == rolled.Generation);
        _store.Inner = spy = new SpyingStore(new InProcessSignalStore(there)); // which has lost everything
        for (var i = 0; i < 5; i++)
        {
            await _time.StepAsync();
        }

        Assert.Equal(1, Logged(EventIds.ClockSkewed));
        Assert.NotNull(_health.Outage);
        Assert.NotEmpty(spy.Epochs);
        Assert.Equal(0, spy.Plantings);
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_ThatCouldNotReadOnce_ReadsAgainWithinASecond()
    {
        var store = new InProcessSignalStore(_time);
        _store.Inner = store;
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null);
        var before = _epochs.Live(_clock.Now)!.Current(RetentionClass.Address);
        _store.Inner = null;
        await _time.StepUntilAsync(() => _health.Outage is not null);

        var since = _time.GetTimestamp();
        _store.Inner = store;
        var rolled = new EpochRecord(before.Generation + 1, before.PepperId, [.. Enumerable.Repeat((byte)9, EpochRecord.SaltSize)]);
        await store.EpochAsync(before.Id, rolled, new EpochCalendar().End(before.Id), default);
        await _time.StepUntilAsync(() => _epochs.Find(before.Id, _clock.Now)?.Generation == rolled.Generation);

        Assert.InRange(_time.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_WithAPepperThatIsNotTheEpochs_SaysSoOnce()
    {
        _store.Inner = new InProcessSignalStore(_time);
        using var others = new EpochKeeper(
            _store, PepperRing.ForThisRun(), new EpochCalendar(), new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())));
        await others.RefreshAsync(_clock.Now, default);

        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => Logged(EventIds.PepperMissing) == 1);
        for (var i = 0; i < 20; i++)
        {
            await _time.StepAsync();
        }

        Assert.NotNull(_epochs.LiveWithoutPepper(_clock.Now));
        Assert.Equal(1, Logged(EventIds.PepperMissing));
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_OnceAFarOffClockIsRightAgain_SaysSoAndGoesOn()
    {
        var there = new VirtualClock();
        there.Set(Start.AddDays(-1));
        _store.Inner = new InProcessSignalStore(there);
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => Logged(EventIds.ClockSkewed) == 1);
        for (var i = 0; i < 100; i++)
        {
            await _time.StepAsync();
        }

        Assert.Equal(1, Logged(EventIds.ClockSkewed));
        Assert.Null(_epochs.Live(_clock.Now));
        there.Set(_time.GetUtcNow().AddSeconds(119));
        await _time.StepUntilAsync(() => Logged(EventIds.ClockRight) == 1);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null);
        Assert.False(_clock.IsSkewed);
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_WhoseStoreIsAnotherAfterAFailure_MeasuresItsClockAtOnce()
    {
        _store.Inner = new InProcessSignalStore(_time);
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null);
        _store.Inner = null;
        await _time.StepUntilAsync(() => Logged(EventIds.EpochRefreshFailed) == 1);

        var there = new VirtualClock();
        there.Set(_time.GetUtcNow().AddMinutes(3));
        _store.Inner = new InProcessSignalStore(there);
        await _time.StepAsync();
        await _time.StepUntilAsync(() => true);

        Assert.True(_clock.IsSkewed);
        await _service.StopAsync(default);
    }

    [Fact]
    public async Task Service_WhereSomethingElseStandsForARecord_SaysSoOnceAndGoesOn()
    {
        _store.Inner = new InProcessSignalStore(_time);
        await _service.StartAsync(default);
        await _time.StepUntilAsync(() => _epochs.Live(_clock.Now) is not null);

        _store.Malformed = _epochs.Live(_clock.Now)!.Current(RetentionClass.Address).Id;
        await _time.StepUntilAsync(() => Logged(EventIds.EpochRecordMalformed) == 1);
        for (var i = 0; i < 20; i++)
        {
            await _time.StepAsync();
        }

        Assert.Equal(1, Logged(EventIds.EpochRecordMalformed));
        Assert.NotNull(_epochs.Live(_clock.Now));
        Assert.Null(_health.Outage);
        await _service.StopAsync(default);
    }

    private int Logged(int id) => _log.Count(id);
}
