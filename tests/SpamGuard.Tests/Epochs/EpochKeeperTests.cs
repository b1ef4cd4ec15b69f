using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;

namespace SpamGuard.Tests.Epochs;

public sealed class EpochKeeperTests
{
    private static readonly EpochCalendar Calendar = new();
    private static readonly byte[] Pepper = [.. Enumerable.Repeat((byte)7, PepperRing.PepperSize)];
    private static readonly ClientAddress Address = ClientAddress.From(System.Net.IPAddress.Parse("198.18.7.9"));
    private readonly VirtualClock _clock = new();
    private readonly InProcessSignalStore _store;
    private readonly SwitchedStore _switched;
    private readonly RecordingLogger<EpochKeeper> _log = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    public EpochKeeperTests()
    {
        _store = new InProcessSignalStore(_clock);
        _switched = new SwitchedStore(_store);
        Now = Calendar.Start(new EpochId(RetentionClass.Network, 1370)) + 3600;
    }

    private long Now
    {
        get => _clock.GetUtcNow().ToUnixTimeSeconds();
        set => _clock.Set(DateTimeOffset.FromUnixTimeSeconds(value));
    }

    [Fact]
    public async Task Refresh_OfTwoProcesses_GivesBothTheSameTokens()
    {
        using var one = Keeper();
        using var two = Keeper();
        await one.RefreshAsync(Now, default);
        await two.RefreshAsync(Now, default);

        Assert.Equal(TokenOf(one), TokenOf(two));
        Assert.Null(one.Live(Now)!.Previous(RetentionClass.Address));
    }

    [Fact]
    public async Task Refresh_UnderAnotherPepper_StopsAndNamesWhatIsMissing()
    {
        using var one = Keeper();
        await one.RefreshAsync(Now, default);
        using var stranger = Keeper(pepper: [.. Enumerable.Repeat((byte)8, PepperRing.PepperSize)]);

        var fault = await Assert.ThrowsAsync<PepperMissingException>(async () => await stranger.RefreshAsync(Now, default));
        Assert.Contains(new PepperRing(Pepper).NewestId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), fault.Message, StringComparison.Ordinal);
        Assert.Null(stranger.Live(Now));
    }

    [Fact]
    public async Task Live_InTheNextEpoch_ReadsBothAndKeepsTheOldTokens()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var before = keeper.Live(Now)!.Current(RetentionClass.Address);
        var token = TokenOf(keeper);

        Now = Calendar.Start(before.Id.Next) - (long)EpochPace.OfService.Ahead.TotalSeconds;
        await keeper.RefreshAsync(Now, default);
        Now = Calendar.Start(before.Id.Next);
        var live = keeper.Live(Now); // no refresh since: the salt was made ahead of time

        Assert.NotNull(live);
        Assert.Same(before, live.Previous(RetentionClass.Address));
        Assert.Equal(token, live.Previous(RetentionClass.Address)!.Hasher.Key(SubjectKind.Address, Address).Token);
        Assert.NotEqual(token, TokenOf(keeper));
    }

    [Fact]
    public async Task Refresh_BeforeTheLastTenMinutes_MakesNoSaltAhead()
    {
        using var keeper = Keeper();
        var next = Calendar.At(RetentionClass.Address, Now).Next;
        Now = Calendar.Start(next) - (long)EpochPace.OfService.Ahead.TotalSeconds - 1;
        await keeper.RefreshAsync(Now, default);

        Assert.Null(await _store.EpochAsync(next, candidate: null, Calendar.End(next), default));
    }

    [Fact]
    public async Task Refresh_AfterTheStoreLostASalt_PlantsItAgainWithTheSameDeadline()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var token = TokenOf(keeper);

        var emptied = _switched.Inner = new InProcessSignalStore(_clock);
        await keeper.RefreshAsync(Now, default);
        using var other = Keeper(emptied);
        await other.RefreshAsync(Now, default);

        Assert.Equal(token, TokenOf(other));
        Assert.Equal(0, Conflicts());
    }

    [Fact]
    public async Task Refresh_WhenTheStoreHasAnotherSalt_AdoptsItAndCountsAConflict()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var lost = TokenOf(keeper);

        var replaced = new InProcessSignalStore(_clock);
        using var other = Keeper(replaced);
        await other.RefreshAsync(Now, default);
        _switched.Inner = replaced;
        await keeper.RefreshAsync(Now, default);

        Assert.NotEqual(lost, TokenOf(keeper));
        Assert.Equal(TokenOf(other), TokenOf(keeper));
        Assert.Equal(2, Conflicts()); // one a class
        Assert.Equal(2, _log.Count(EventIds.SaltOverwritten));
        Assert.All(_log.Entries, told => Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, told.Level));
    }

    [Fact]
    public async Task Adopt_WhereTheStoreHasNoneOrALowerOne_WritesNothingAndKeepsWhatIsKnown()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var epoch = keeper.Live(Now)!.Current(RetentionClass.Address).Id;
        var pepper = new PepperRing(Pepper).NewestId;
        await _store.EpochAsync(epoch, new EpochRecord(3, pepper, [.. Enumerable.Repeat((byte)9, EpochRecord.SaltSize)]), Calendar.End(epoch), default);
        await keeper.AdoptAsync(Now, default);
        Assert.Equal(3u, keeper.Find(epoch, Now)!.Generation);

        var emptied = new InProcessSignalStore(_clock);
        await emptied.EpochAsync(epoch, new EpochRecord(2, pepper, [.. Enumerable.Repeat((byte)8, EpochRecord.SaltSize)]), Calendar.End(epoch), default);
        var spy = new SpyingStore(emptied);
        _switched.Inner = spy;
        await keeper.AdoptAsync(Now, default);

        Assert.Equal(3u, keeper.Find(epoch, Now)!.Generation);
        Assert.Equal(0, spy.Plantings);
        await keeper.RefreshAsync(Now, default);
        Assert.True(spy.Plantings > 0);
    }

    [Fact]
    public async Task Refresh_WhenTheGenerationWasRaised_AdoptsItWithoutAConflict()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var epoch = keeper.Live(Now)!.Current(RetentionClass.Address).Id;
        var rolled = new EpochRecord(2, new PepperRing(Pepper).NewestId, [.. Enumerable.Repeat((byte)9, EpochRecord.SaltSize)]);
        await _store.EpochAsync(epoch, rolled, Calendar.End(epoch), default);

        await keeper.RefreshAsync(Now, default);

        Assert.Equal(2u, keeper.Live(Now)!.Current(RetentionClass.Address).Generation);
        Assert.Equal(0, Conflicts());
        Assert.Equal(1, Value("spamguard_salt_rolls_total", RetentionClass.Address));
        Assert.Equal(0, Value("spamguard_salt_rolls_total", RetentionClass.Network));
        var told = Assert.Single(_log.Entries);
        Assert.Equal((EventIds.EpochBegunAnew, Microsoft.Extensions.Logging.LogLevel.Warning), (told.Id, told.Level));
        Assert.Contains($"address epoch {epoch.Number} was begun anew by others: generation 1 became 2", told.Text, StringComparison.Ordinal);
        await keeper.RefreshAsync(Now, default);
        Assert.Equal(1, Value("spamguard_salt_rolls_total", RetentionClass.Address));
    }

    [Fact]
    public async Task Refresh_AfterTheEndOfTheNextEpoch_ZeroesTheSecret()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var secret = keeper.Live(Now)!.Current(RetentionClass.Address);

        Now = Calendar.End(secret.Id) - 1;
        await keeper.RefreshAsync(Now, default);
        Assert.Same(secret, keeper.Find(secret.Id, Now));
        Now = Calendar.End(secret.Id);
        Assert.Null(keeper.Find(secret.Id, Now)); // on the second, whoever refreshes when
        Assert.Null(keeper.FindAddressEpoch((byte)secret.Id.Number, Now));
        keeper.Expire(Now);
        await keeper.RefreshAsync(Now, default);
        secret.Hasher.Key(SubjectKind.Address, Address); // who began to hash in the last second may end
        keeper.Expire(Now + 5);

        Assert.Throws<ObjectDisposedException>(() => secret.Hasher.Key(SubjectKind.Address, Address));
        Assert.All(secret.ToRecord().Salt, value => Assert.Equal(0, value));
        Assert.Null(await _store.EpochAsync(secret.Id, candidate: null, 0, default));
    }

    [Fact]
    public async Task Refresh_WhenAnotherSaltNamesAMissingPepper_GoesOnUnderItsOwnAndCountsNothing()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var token = TokenOf(keeper);
        var epoch = keeper.Live(Now)!.Current(RetentionClass.Address).Id;
        var replaced = new InProcessSignalStore(_clock);
        await replaced.EpochAsync(epoch, new EpochRecord(1, 77, [.. Enumerable.Repeat((byte)9, EpochRecord.SaltSize)]), Calendar.End(epoch), default);
        _switched.Inner = replaced;

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<PepperMissingException>(async () => await keeper.RefreshAsync(Now, default));
        }

        Assert.Equal(token, TokenOf(keeper));
        Assert.Equal(0, Conflicts());
        Assert.Equal(epoch, keeper.LiveWithoutPepper(Now)!.Epoch); // others may be under that salt, and neither sees what the other counts
    }

    [Fact]
    public async Task Refresh_WhenItWasRolledUnderAMissingPepper_GoesOnUnderNothing()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var secret = keeper.Live(Now)!.Current(RetentionClass.Address);
        await _store.EpochAsync(secret.Id, new EpochRecord(2, 77, [.. Enumerable.Repeat((byte)9, EpochRecord.SaltSize)]), Calendar.End(secret.Id), default);

        await Assert.ThrowsAsync<PepperMissingException>(async () => await keeper.RefreshAsync(Now, default));
        keeper.Expire(Now + 2);

        Assert.Null(keeper.Live(Now));
        Assert.Equal(secret.Id, keeper.LiveWithoutPepper(Now)!.Epoch);
        Assert.Throws<ObjectDisposedException>(() => secret.Hasher.Key(SubjectKind.Address, Address));
    }

    [Fact]
    public async Task Refresh_WhenThePepperOfThePreviousEpochIsMissing_SaysThatALiveOneIs()
    {
        byte[] older = [.. Enumerable.Repeat((byte)8, PepperRing.PepperSize)];
        var previous = Calendar.At(RetentionClass.Address, Now);
        using (var before = Keeper(pepper: older))
        {
            await before.RefreshAsync(Now, default);
        }

        Now = Calendar.Start(previous.Next);
        var network = Calendar.At(RetentionClass.Network, Now);
        await _store.EpochAsync(network, new EpochRecord(2, PepperRing.Name(Pepper), new byte[EpochRecord.SaltSize]), Calendar.End(network), default);
        using var keeper = Keeper();
        await Assert.ThrowsAsync<PepperMissingException>(async () => await keeper.RefreshAsync(Now, default));

        Assert.NotNull(keeper.Live(Now)); // and yet what was learned before is not read
        Assert.Equal(previous, keeper.LiveWithoutPepper(Now)!.Epoch);
        Assert.Null(keeper.LiveWithoutPepper(Calendar.End(previous)));
    }

    [Fact]
    public async Task Refresh_WhenOneRecordIsMalformed_BringsTheOthersUpToDate()
    {
        var current = Calendar.At(RetentionClass.Address, Now);
        _switched.Malformed = current;
        using var keeper = Keeper();

        var fault = await Assert.ThrowsAsync<StoreException>(async () => await keeper.RefreshAsync(Now, default));

        Assert.Equal(StoreFailure.Malformed, fault.Failure);
        Assert.Contains($"address epoch {current.Number} ", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(keeper.Find(Calendar.At(RetentionClass.Network, Now), Now));
        Assert.Equal(1, Value("spamguard_salt_unreadable", RetentionClass.Address));
        _switched.Malformed = null;
        await keeper.RefreshAsync(Now, default);
        Assert.NotNull(keeper.Live(Now));
        Assert.Equal(0, Value("spamguard_salt_unreadable", RetentionClass.Address));
    }

    [Fact]
    public async Task Refresh_WhenAGenerationIsOneThatNoRollCanHaveMadeYet_GoesOnUnderItsOwnAndSaysSo()
    {
        using var keeper = Keeper();
        await keeper.RefreshAsync(Now, default);
        var token = TokenOf(keeper);
        var epoch = Calendar.At(RetentionClass.Address, Now);
        await _store.EpochAsync(epoch, Rolled((uint)Now + 3601), Calendar.End(epoch), default);

        var fault = await Assert.ThrowsAsync<StoreException>(async () => await keeper.RefreshAsync(Now, default));

        Assert.Equal((StoreFailure.Malformed, token), (fault.Failure, TokenOf(keeper)));
        Assert.Equal(1, Value("spamguard_salt_unreadable", RetentionClass.Address));
        Now += 1;
        await keeper.RefreshAsync(Now, default); // within what clocks may differ by: a roll can raise it
        Assert.NotEqual(token, TokenOf(keeper));

        EpochRecord Rolled(uint generation) => new(generation, PepperRing.Name(Pepper), new byte[EpochRecord.SaltSize]);
    }

    [Fact]
    public async Task Refresh_WhenTheSlotOfOneEpochIsAway_BringsTheOthersUpToDateAndThenSaysSo()
    {
        _switched.Away = Calendar.At(RetentionClass.Address, Now).Previous; // the first of all
        using var keeper = Keeper();

        var fault = await Assert.ThrowsAsync<StoreException>(async () => await keeper.RefreshAsync(Now, default));

        Assert.Equal(StoreFailure.Unavailable, fault.Failure);
        Assert.NotNull(keeper.Live(Now));
        Assert.False(keeper.KnowsNamedPeppers(Now));
        _switched.Away = null;
        await keeper.RefreshAsync(Now, default);
        Assert.True(keeper.KnowsNamedPeppers(Now));
    }

    [Fact]
    public async Task Live_WithoutAnAnswerFromTheStore_IsNone()
    {
        using var keeper = Keeper();
        _switched.Inner = null;
        await Assert.ThrowsAsync<StoreException>(async () => await keeper.RefreshAsync(Now, default));
        Assert.Null(keeper.Live(Now));
    }

    private EpochKeeper Keeper(ISignalStore? store = null, byte[]? pepper = null)
    {
        var metrics = Metrics.WithCustomRegistry(store is null && pepper is null ? _registry : Metrics.NewCustomRegistry());
        return new EpochKeeper(store ?? _switched, new PepperRing(pepper ?? Pepper), Calendar, new EpochMetrics(metrics), logger: _log);
    }

    private SubjectToken TokenOf(EpochKeeper keeper) =>
        keeper.Live(Now)!.Current(RetentionClass.Address).Hasher.Key(SubjectKind.Address, Address).Token;

    private double Value(string metric, RetentionClass retention)
    {
        using var page = new MemoryStream();
        _registry.CollectAndExportAsTextAsync(page).GetAwaiter().GetResult();
        var start = $"{metric}{{class=\"{retention.Name}\"}} ";
        var line = System.Text.Encoding.UTF8.GetString(page.ToArray()).Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));
        return double.Parse(line[start.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private double Conflicts()
    {
        var conflicts = Metrics.WithCustomRegistry(_registry).CreateCounter("spamguard_salt_conflicts_total", "", ["class"]);
        return RetentionClass.Salted.Sum(retention => conflicts.WithLabels(retention.Name).Value);
    }
}
