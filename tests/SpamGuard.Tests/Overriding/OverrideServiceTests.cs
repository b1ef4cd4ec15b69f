using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.Tests.Scoring;

namespace SpamGuard.Tests.Overriding;

public sealed class OverrideServiceTests : IAsyncDisposable
{
    private static readonly long Start = Events.Start.ToUnixTimeSeconds();

    private readonly FakeTimeProvider _time = new(Events.Start);
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly StoredOverrides _store = new();
    private readonly LiveOverrides _live;
    private readonly RecordingLogger<OverrideService> _logger = new();
    private readonly OverrideService _service;

    public OverrideServiceTests()
    {
        var clock = new StoreClock(_time);
        _live = new LiveOverrides(clock);
        _service = new OverrideService(_store, _live, clock, new OverrideMetrics(Metrics.WithCustomRegistry(_registry)), _time, _logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(default);
        _service.Dispose();
    }

    [Fact]
    public async Task Start_WithOverridesInTheStore_KnowsThemBeforeAnybodyIsServed()
    {
        _store.Add(Said(1));

        await _service.StartAsync(default);

        Assert.Equal([Said(1)], _live.Current.All);
        Assert.Equal((1, Start), (Gauge("spamguard_overrides_in_force"), Gauge("spamguard_overrides_read_timestamp_seconds")));
        _store.Add(Said(2));
        await Poll.UntilAsync(() =>
        {
            _time.Advance(OverrideService.Period);
            return Task.FromResult(_live.Current.All.Count == 2);
        }).DefaultTimeout();
    }

    [Fact]
    public async Task Turn_EachSecond_ReadsTheListAndOnlyWhatIsNew()
    {
        _store.Add(Said(1));
        await _service.RefreshAsync(default);
        await TurnAsync();
        Assert.Equal([Said(1).Id], _store.Read);

        _store.Add(Said(2));
        await TurnAsync();

        Assert.Equal([Said(1).Id, Said(2).Id], _store.Read);
        Assert.Equal(2, _live.Current.All.Count);
    }

    [Fact]
    public async Task Turn_IdNoLongerListed_IsOutOfForce()
    {
        _store.Add(Said(1));
        _store.Add(Said(2));
        await _service.RefreshAsync(default);

        _store.Held.Remove(Said(1).Id);
        await TurnAsync();

        Assert.Equal([Said(2)], _live.Current.All);
        Assert.Equal(2, _store.Read.Count);
    }

    [Fact]
    public async Task Turn_AfterHalfAMinute_ReadsAllOfThemAgain()
    {
        _store.Add(Said(1));
        await _service.RefreshAsync(default);
        _store.Held[Said(1).Id] = Said(1) with { Verdict = Verdict.Deny };

        for (var turn = OverrideService.Period; turn < OverrideService.FullPeriod; turn += OverrideService.Period)
        {
            await TurnAsync();
            Assert.Equal(Verdict.Allow, Assert.Single(_live.Current.All).Verdict);
        }

        await TurnAsync();
        Assert.Equal(Verdict.Deny, Assert.Single(_live.Current.All).Verdict);
        _store.Held[Said(1).Id] = null; // its key is lost
        for (var turn = TimeSpan.Zero; turn < OverrideService.FullPeriod; turn += OverrideService.Period)
        {
            await TurnAsync();
        }

        Assert.Empty(_live.Current.All);
    }

    [Fact]
    public async Task Turn_StoreAway_KeepsWhatIsKnownUntilItsEndAndSaysSoOnce()
    {
        _store.Add(Said(1) with { ExpireTime = Start + 5 });
        await _service.RefreshAsync(default);
        _store.IsAway = true;
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(1, Gauge("spamguard_overrides_in_force"));
            await TurnAsync();
        }

        Assert.Equal((0, Start), (Gauge("spamguard_overrides_in_force"), Gauge("spamguard_overrides_read_timestamp_seconds")));
        Assert.Single(_live.Current.All);
        _store.IsAway = false;
        await TurnAsync();

        Assert.Equal([EventIds.OverridesNotRead, EventIds.OverridesReadAgain], _logger.Entries.Select(entry => entry.Id));
        Assert.Equal(Start + 6, Gauge("spamguard_overrides_read_timestamp_seconds"));
    }

    [Fact]
    public async Task Turn_StoreAwayFromTheBeginning_GoesWithoutAndTakesThemLater()
    {
        _store.Add(Said(1));
        _store.IsAway = true;
        await _service.RefreshAsync(default);
        Assert.Empty(_live.Current.All);

        _store.IsAway = false;
        await TurnAsync();

        Assert.Single(_live.Current.All);
    }

    private static OperatorOverride Said(byte number) => new(
        new OverrideId(RetentionClass.Address, number),
        new SubjectKey(SubjectKind.Address, new SubjectToken([.. Enumerable.Repeat(number, SubjectToken.Size)])),
        Verdict.Allow,
        SetTime: Start,
        ExpireTime: Start + 86_400);

    private Task TurnAsync()
    {
        _time.Advance(OverrideService.Period);
        return _service.RefreshAsync(default);
    }

    private double Gauge(string name)
    {
        using var page = new MemoryStream();
        _registry.CollectAndExportAsTextAsync(page).GetAwaiter().GetResult();
        var line = System.Text.Encoding.UTF8.GetString(page.ToArray()).Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
