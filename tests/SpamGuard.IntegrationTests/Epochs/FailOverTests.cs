using System.Security.Cryptography;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Storage;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Epochs;

/// <summary>Salts that a fail-over loses, for the replica had not got them yet.</summary>
public sealed class FailOverTests(RedisSentinelFixture sentinel) : IClassFixture<RedisSentinelFixture>
{
    [Fact]
    public async Task Refresh_AfterAFailOverThatLostTheSalts_PlantsTheSame()
    {
        await using var master = await sentinel.ConnectAsync(0);
        await using var replica = await sentinel.ConnectAsync(1);
        await using var one = await StoreUnderTest.OpenAsync(sentinel.ConnectionString(RedisAccount.Scorer), SignalTopology.Sentinel, master);
        await using var two = await StoreUnderTest.OpenAsync(sentinel.ConnectionString(RedisAccount.Scorer), SignalTopology.Sentinel, master);
        var pepper = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);
        using var first = new KeeperOnRedis(one.Store, pepper);
        using var second = new KeeperOnRedis(two.Store, pepper);
        var now = await one.Store.TimeAsync(default).DefaultTimeout() / 1000;
        await first.Epochs.RefreshAsync(now, default).DefaultTimeout();
        await second.Epochs.RefreshAsync(now, default).DefaultTimeout();
        var token = first.Token(RetentionClass.Address, now);
        await Poll.UntilAsync(async () => await replica.GetServers()[0].DatabaseSizeAsync() == 2).DefaultTimeout();

        await replica.GetDatabase().ExecuteAsync("CONFIG", "SET", "replica-read-only", "no").DefaultTimeout();
        await replica.GetDatabase().ExecuteAsync("EVAL", ["return redis.call('FLUSHALL')", "0"], CommandFlags.DemandReplica).DefaultTimeout(); // the driver sends no FLUSHALL to a replica
        await sentinel.FailOverAsync();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                await second.Epochs.RefreshAsync(now, default);
                await first.Epochs.RefreshAsync(now, default);
                return await replica.GetServers()[0].DatabaseSizeAsync() == 2;
            }
            catch (Exception e) when (e is StoreException or RedisConnectionException)
            {
                return false; // while the old master steps down; the new one closes its connections too, ours among them
            }
        }).DefaultTimeout();

        Assert.Equal((token, token), (first.Token(RetentionClass.Address, now), second.Token(RetentionClass.Address, now)));
        Assert.Equal((0, 0), (first.Conflicts, second.Conflicts));
    }
}
