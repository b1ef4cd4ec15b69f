using System.Security.Cryptography;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Storage;
using SpamGuard.Retention;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Epochs;

/// <summary>Salts in a cluster all of whose masters were emptied.</summary>
[Collection(nameof(RedisClusterCollection))]
public sealed class ClusterLossTests(RedisClusterFixture cluster)
{
    [Fact]
    public async Task Refresh_AfterTheClusterWasEmptied_PlantsTheSame()
    {
        await cluster.FlushAsync();
        await using var under = await StoreUnderTest.OpenAsync(cluster.ConnectionString(RedisAccount.Scorer), SignalTopology.Cluster, cluster.AdminConnection);
        var pepper = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);
        using var first = new KeeperOnRedis(under.Store, pepper);
        using var second = new KeeperOnRedis(under.Store, pepper);
        var now = await under.Store.TimeAsync(default).DefaultTimeout() / 1000;
        await first.Epochs.RefreshAsync(now, default).DefaultTimeout();
        await second.Epochs.RefreshAsync(now, default).DefaultTimeout();
        var token = first.Token(RetentionClass.Network, now);

        await cluster.FlushAsync();
        await second.Epochs.RefreshAsync(now, default).DefaultTimeout();
        await first.Epochs.RefreshAsync(now, default).DefaultTimeout();

        Assert.Equal((token, token), (first.Token(RetentionClass.Network, now), second.Token(RetentionClass.Network, now)));
        Assert.Equal((0, 0), (first.Conflicts, second.Conflicts));
        Assert.Equal(2, (await under.LivesAsync()).Count);
    }
}
