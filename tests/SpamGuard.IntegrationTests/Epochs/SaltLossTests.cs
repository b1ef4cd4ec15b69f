using System.Security.Cryptography;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Storage;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Epochs;

/// <summary>Several processes on a real Redis that loses salts, or in which somebody overwrites them: they come to one salt within one refresh.</summary>
public sealed class SaltLossTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private static readonly EpochCalendar Calendar = new();

    private readonly byte[] _pepper = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);
    private readonly List<KeeperOnRedis> _keepers = [];
    private readonly List<StoreUnderTest> _stores = [];
    private long _now;

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        _now = await (await StoreAsync()).TimeAsync(default).DefaultTimeout() / 1000;
    }

    public async Task DisposeAsync()
    {
        _keepers.ForEach(static keeper => keeper.Dispose());
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Refresh_OfProcessesThatRaceForASalt_GivesThemOne(int processes)
    {
        for (var round = 0; round < 25; round++)
        {
            await redis.FlushAsync();
            _keepers.ForEach(static keeper => keeper.Dispose());
            _keepers.Clear();
            await KeepersAsync(processes);

            await AllRefreshAsync();

            AssertOneSalt();
            Assert.All(_keepers, static keeper => Assert.Equal(0, keeper.Conflicts)); // nobody had one of his own
        }
    }

    [Fact]
    public async Task Refresh_AfterFlushAll_PlantsTheSameSaltWithTheSameDeadline()
    {
        await KeepersAsync(3);
        await AllRefreshAsync();
        var tokens = Tokens();

        await redis.FlushAsync();
        await AllRefreshAsync();

        Assert.Equal(tokens, Tokens());
        Assert.All(_keepers, static keeper => Assert.Equal(0, keeper.Conflicts));
        foreach (var retention in RetentionClass.Salted)
        {
            var epoch = Calendar.At(retention, _now);
            var expires = (long)await redis.Admin.ExecuteAsync("PEXPIRETIME", Keys.Epoch(epoch)).DefaultTimeout();
            Assert.InRange(expires, (Calendar.End(epoch) * 1000) - 2, (Calendar.End(epoch) * 1000) + 2);
        }
    }

    [Fact]
    public async Task Refresh_AfterOneSaltWasEvicted_PlantsIt()
    {
        await KeepersAsync(2);
        await AllRefreshAsync();
        var (tokens, key) = (Tokens(), Keys.Epoch(Calendar.At(RetentionClass.Address, _now)));
        Assert.True(await redis.Admin.KeyDeleteAsync(key).DefaultTimeout());

        await _keepers[1].Epochs.RefreshAsync(_now, default).DefaultTimeout();

        Assert.True(await redis.Admin.KeyExistsAsync(key).DefaultTimeout());
        await AllRefreshAsync();
        Assert.Equal(tokens, Tokens());
    }

    [Fact]
    public async Task Refresh_AfterARestartOfTheStore_PlantsTheSame()
    {
        await KeepersAsync(3);
        await AllRefreshAsync();
        var tokens = Tokens();

        await redis.RestartAsync();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                await AllRefreshAsync();
                return true;
            }
            catch (StoreException)
            {
                return false; // not connected again yet
            }
        }).DefaultTimeout();

        Assert.Equal(tokens, Tokens());
        Assert.All(_keepers, static keeper => Assert.Equal(0, keeper.Conflicts));
    }

    [Fact]
    public async Task Refresh_WhereANewProcessWasFirstAfterTheLoss_AdoptsItsSaltAndCountsOnceAClass()
    {
        await KeepersAsync(3);
        await AllRefreshAsync();
        await redis.FlushAsync();
        await KeepersAsync(1);
        await _keepers[3].Epochs.RefreshAsync(_now, default).DefaultTimeout();
        var tokens = Token(_keepers[3]);

        await AllRefreshAsync();
        await AllRefreshAsync();

        Assert.All(Tokens(), token => Assert.Equal(tokens, token));
        Assert.Equal([2, 2, 2, 0], _keepers.Select(static keeper => keeper.Conflicts));
    }

    [Fact]
    public async Task Refresh_AfterAStolenScorerOverwroteASalt_IsCountedByEveryProcess()
    {
        await KeepersAsync(3);
        await AllRefreshAsync();
        var epoch = Calendar.At(RetentionClass.Network, _now);
        await using var thief = await redis.ConnectAsync(RedisAccount.Scorer, RedisFixture.NarrowCommands);
        var forged = new EpochRecord(1, PepperRing.Name(_pepper), new byte[EpochRecord.SaltSize]).Pack();
        await thief.GetDatabase().ExecuteAsync("PSETEX", Keys.Epoch(epoch), 1_000_000, forged).DefaultTimeout();

        await AllRefreshAsync();
        await AllRefreshAsync();

        AssertOneSalt();
        Assert.All(_keepers, static keeper => Assert.Equal(1, keeper.Conflicts));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("a text of exactly the forty-five bytes there!")]
    [InlineData(null)] // a list
    public async Task Refresh_WhereSomethingElseStandsForASalt_NamesTheEpochAndKeepsWhatItKnows(string? value)
    {
        await KeepersAsync(2);
        await AllRefreshAsync();
        var tokens = Tokens();
        var key = Keys.Epoch(Calendar.At(RetentionClass.Address, _now));
        await redis.FlushAsync();
        await (value is null ? redis.Admin.ExecuteAsync("LPUSH", key, "x") : redis.Admin.ExecuteAsync("PSETEX", key, 1_000_000, value)).DefaultTimeout();

        foreach (var keeper in _keepers)
        {
            var fault = await Assert.ThrowsAsync<StoreException>(async () => await keeper.Epochs.RefreshAsync(_now, default));
            Assert.Equal(StoreFailure.Malformed, fault.Failure);
            Assert.Contains("The record of the address epoch ", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(tokens, Tokens());
        Assert.True(await redis.Admin.KeyExistsAsync(Keys.Epoch(Calendar.At(RetentionClass.Network, _now))).DefaultTimeout()); // planted all the same
        await redis.Admin.KeyDeleteAsync(key).DefaultTimeout();
        await AllRefreshAsync();
        Assert.Equal(tokens, Tokens());
        Assert.Equal(EpochRecord.Size, await redis.Admin.StringLengthAsync(key).DefaultTimeout());
    }

    private async Task<ISignalStore> StoreAsync()
    {
        var store = await StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Scorer), SignalTopology.Standalone, redis.AdminConnection);
        _stores.Add(store);
        return store.Store;
    }

    // Each on a connection of its own, as processes are; connections serve again.
    private async Task KeepersAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var store = _keepers.Count < _stores.Count ? _stores[_keepers.Count].Store : await StoreAsync();
            _keepers.Add(new KeeperOnRedis(store, _pepper));
        }
    }

    private Task AllRefreshAsync() =>
        Task.WhenAll(_keepers.Select(keeper => Task.Run(async () => await keeper.Epochs.RefreshAsync(_now, default)))).DefaultTimeout();

    private (SubjectToken Address, SubjectToken Network) Token(KeeperOnRedis keeper) =>
        (keeper.Token(RetentionClass.Address, _now), keeper.Token(RetentionClass.Network, _now));

    private List<(SubjectToken Address, SubjectToken Network)> Tokens() => _keepers.ConvertAll(Token);

    private void AssertOneSalt() => Assert.Single(Tokens().Distinct());
}
