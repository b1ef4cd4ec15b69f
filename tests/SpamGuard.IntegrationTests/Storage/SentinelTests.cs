using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The store behind a sentinel, as the scorer of a deployment.</summary>
public sealed class SentinelTests(RedisSentinelFixture sentinel) : IClassFixture<RedisSentinelFixture>
{
    [Fact]
    public async Task Store_BehindASentinel_CountsAndGoesOnAfterAFailOver()
    {
        await using var data = await sentinel.ConnectAsync(0);
        await using var store = await StoreUnderTest.OpenAsync(sentinel.ConnectionString(RedisAccount.Scorer), SignalTopology.Sentinel, data);
        var now = await store.Store.TimeAsync(default).DefaultTimeout() / 1000;

        await ObserveAsync(store, now, "before");
        await Poll.UntilAsync(async () => await KeysAsync(1) > 0).DefaultTimeout(); // replicated

        await sentinel.FailOverAsync();
        await Poll.UntilAsync(async () =>
        {
            try
            {
                await ObserveAsync(store, now, "after");
                return await KeysAsync(1) >= 2;
            }
            catch (StoreException e) when (e.Failure is StoreFailure.Unavailable or StoreFailure.Timeout or StoreFailure.Refused)
            {
                return false; // while the old master steps down
            }
        }).DefaultTimeout();

        var records = await store.Store.ReadAsync([Key(SubjectKind.Address, "before"), Key(SubjectKind.Address, "after")], default).DefaultTimeout();
        Assert.All(records, record => Assert.True(record.Exists));
        Assert.Empty(await sentinel.RefusedBySentinelAsync());
    }

    private static async Task ObserveAsync(StoreUnderTest store, long now, string name) =>
        await store.Store.ObserveAsync([new ObservedEvent([Item(now, SubjectKind.Address, name)], Replay: null)], default);

    private async Task<long> KeysAsync(int index)
    {
        await using var connection = await sentinel.ConnectAsync(index);
        return await connection.GetServers()[0].DatabaseSizeAsync();
    }
}
