using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The contract of overrides, on the embedded store.</summary>
[Collection(nameof(GarnetCollection))]
public sealed class GarnetOverrideStoreTests(GarnetFixture garnet) : OverrideStoreContract
{
    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(garnet.ConnectionString, SignalTopology.Standalone, admin: null);
}

/// <summary>The same on a real Redis as the account that the desk has; and what other accounts may.</summary>
[Collection(nameof(RedisCollection))]
public sealed class RedisOverrideStoreTests(RedisFixture redis) : OverrideStoreContract
{
    [Fact]
    public async Task Clear_AsTheScorer_IsRefusedAndItStaysInForce()
    {
        await using var desk = await OpenAsync();
        await using var scorer = await StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Scorer), SignalTopology.Standalone, redis.AdminConnection);
        var now = await desk.Store.TimeAsync(default).DefaultTimeout() / 1000;
        var said = new OperatorOverride(OverrideId.New(RetentionClass.Address), Key(SubjectKind.Address, "scorer"), Verdict.Deny, now, now + 60);
        await desk.Overrides.SetAsync(said, [], replicas: 0, default).DefaultTimeout();

        var failure = await Assert.ThrowsAsync<StoreException>(() => scorer.Overrides.ClearAsync(said.Id, replicas: 0, default).AsTask().DefaultTimeout());

        Assert.Equal(StoreFailure.Refused, failure.Failure);
        Assert.Equal(said, Assert.Single(await scorer.Overrides.ReadAsync([said.Id], default).DefaultTimeout()));
    }

    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Desk), SignalTopology.Standalone, redis.AdminConnection);
}

/// <summary>The same on a cluster, where list and overrides lie in different slots.</summary>
[Collection(nameof(RedisClusterCollection))]
public sealed class ClusterOverrideStoreTests(RedisClusterFixture cluster) : OverrideStoreContract
{
    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(cluster.ConnectionString(RedisAccount.Desk), SignalTopology.Cluster, cluster.AdminConnection);
}

/// <summary>Behind a sentinel: replicas are waited for, so that a fail-over brings nothing back.</summary>
public sealed class ReplicatedOverrideStoreTests(RedisSentinelFixture sentinel) : IClassFixture<RedisSentinelFixture>
{
    [Fact]
    public async Task SetAndClear_BehindASentinel_CountTheReplicaOnceItHasIt()
    {
        await using var data = await sentinel.ConnectAsync(0);
        await using var replica = await sentinel.ConnectAsync(1);
        await using var store = await StoreUnderTest.OpenAsync(sentinel.ConnectionString(RedisAccount.Desk), SignalTopology.Sentinel, data);
        var now = await store.Store.TimeAsync(default).DefaultTimeout() / 1000;
        var said = new OperatorOverride(OverrideId.New(RetentionClass.Network), Key(SubjectKind.Network, "replicated"), Verdict.Deny, now, now + 600);
        await Poll.UntilAsync(async () => await store.Overrides.SetAsync(said, [], replicas: 1, default) == 1).DefaultTimeout(); // the replica may come later
        Assert.True(await replica.GetDatabase().KeyExistsAsync(Keys.Override(said.Id)).DefaultTimeout());

        sentinel.PauseReplica();
        int late, repeated;
        try
        {
            late = await store.Overrides.ClearAsync(said.Id, replicas: 1, default).DefaultTimeout();
            repeated = await store.Overrides.ClearAsync(said.Id, replicas: 1, default).DefaultTimeout();
        }
        finally
        {
            sentinel.ResumeReplica();
        }

        Assert.Equal((0, 0), (late, repeated));
        await Poll.UntilAsync(async () => await store.Overrides.ClearAsync(said.Id, replicas: 1, default) == 1).DefaultTimeout();
        Assert.False(await replica.GetDatabase().KeyExistsAsync(Keys.Override(said.Id)).DefaultTimeout());
        Assert.False(await replica.GetDatabase().KeyExistsAsync(Keys.OverrideIds()).DefaultTimeout());
    }
}
