using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>What is held under an address' tokens is read and taken away, and replicas are waited for.</summary>
public sealed class SubjectStoreTests(RedisSentinelFixture sentinel, RedisReplicatedClusterFixture cluster, RedisFixture redis)
    : IClassFixture<RedisSentinelFixture>, IClassFixture<RedisReplicatedClusterFixture>, IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Erase_Standalone_TakesRecordsAndReportsAwayAndNothingElse()
    {
        await using var store = await StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Desk), SignalTopology.Standalone, redis.AdminConnection);
        SubjectToken[] tokens = [Key(SubjectKind.Address, "first").Token, Key(SubjectKind.Address, "second").Token];
        await KnowAsync(store, "first");
        await KnowAsync(store, "second");
        await KnowAsync(store, "neighbour");

        var held = await store.Subjects.ReadAsync([.. tokens, Token("nobody")], default).DefaultTimeout();
        var erased = await store.Subjects.EraseAsync(tokens, replicas: 0, default).DefaultTimeout();
        var again = await store.Subjects.EraseAsync(tokens, replicas: 0, default).DefaultTimeout();

        Assert.Equal([(true, 1), (true, 1), (false, 0)], held.Select(keys => (keys.Record.Exists, keys.Reports.Count)));
        Assert.Equal(new ErasedKeys(2, 2, 0), erased);
        Assert.Equal(new ErasedKeys(0, 0, 0), again);
        Assert.All(await store.Subjects.ReadAsync(tokens, default).DefaultTimeout(), keys => Assert.True(keys.IsNothing));
        Assert.False(Assert.Single(await store.Subjects.ReadAsync([Key(SubjectKind.Address, "neighbour").Token], default).DefaultTimeout()).IsNothing);
    }

    [Fact]
    public async Task Erase_AsTheScorer_IsRefusedAndTakesNothingAway()
    {
        await using var store = await StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Scorer), SignalTopology.Standalone, redis.AdminConnection);
        SubjectToken[] tokens = [Key(SubjectKind.Address, "scorer").Token];
        await KnowAsync(store, "scorer");

        var failure = await Assert.ThrowsAsync<StoreException>(() => store.Subjects.EraseAsync(tokens, replicas: 0, default).DefaultTimeout());

        Assert.Equal(StoreFailure.Refused, failure.Failure);
        Assert.False(Assert.Single(await store.Subjects.ReadAsync(tokens, default).DefaultTimeout()).IsNothing);
    }

    [Fact]
    public async Task Erase_BehindASentinel_CountsTheReplicaOnceItHasIt()
    {
        await using var data = await sentinel.ConnectAsync(0);
        await using var replica = await sentinel.ConnectAsync(1);
        await using var store = await StoreUnderTest.OpenAsync(sentinel.ConnectionString(RedisAccount.Desk), SignalTopology.Sentinel, data);
        SubjectToken[] tokens = [Key(SubjectKind.Address, "watched").Token];
        await KnowAsync(store, "watched");
        await Poll.UntilAsync(() => replica.GetDatabase().KeyExistsAsync(Keys.Reports(tokens[0]))).DefaultTimeout();

        sentinel.PauseReplica();
        ErasedKeys late, repeated, later;
        try
        {
            late = await store.Subjects.EraseAsync(tokens, replicas: 1, default).DefaultTimeout();
            repeated = await store.Subjects.EraseAsync(tokens, replicas: 1, default).DefaultTimeout();
        }
        finally
        {
            sentinel.ResumeReplica();
        }

        Assert.Equal(new ErasedKeys(1, 1, 0), late);
        Assert.Equal(new ErasedKeys(0, 0, 0), repeated);
        later = await AcknowledgedAsync(store, tokens);
        Assert.Equal(new ErasedKeys(0, 0, 1), later);
        Assert.False(await replica.GetDatabase().KeyExistsAsync(Keys.Reports(tokens[0])).DefaultTimeout());
        Assert.False(await replica.GetDatabase().KeyExistsAsync(Keys.Subject(Key(SubjectKind.Address, "watched"))).DefaultTimeout());
    }

    [Fact]
    public async Task Erase_RepeatedOverANewConnection_IsNotConfirmedByAReplicaThatHeardNothing()
    {
        await using var data = await sentinel.ConnectAsync(0);
        SubjectToken[] tokens = [Key(SubjectKind.Address, "reconnected").Token];
        sentinel.PauseReplica();
        try
        {
            for (var i = 0; i < 2; i++)
            {
                await using var store = await StoreUnderTest.OpenAsync(sentinel.ConnectionString(RedisAccount.Desk), SignalTopology.Sentinel, data);
                Assert.Equal(0, (await store.Subjects.EraseAsync(tokens, replicas: 1, default).DefaultTimeout()).Replicas);
            }
        }
        finally
        {
            sentinel.ResumeReplica();
        }
    }

    [Fact]
    public async Task Erase_InACluster_WaitsForTheReplicasOfEachMaster()
    {
        await using var store = await StoreUnderTest.OpenAsync(cluster.ConnectionString(RedisAccount.Desk), SignalTopology.Cluster, cluster.AdminConnection);
        var (first, second) = OnTwoMasters();
        SubjectToken[] tokens = [Key(SubjectKind.Address, first).Token, Key(SubjectKind.Address, second).Token];
        await KnowAsync(store, first);
        await KnowAsync(store, second);

        Assert.Equal(new ErasedKeys(2, 2, 1), await AcknowledgedAsync(store, tokens));
        await KnowAsync(store, first);
        await KnowAsync(store, second);

        // The replica of one of the two stands still: the other's alone does not confirm.
        var paused = await ReplicaOfAsync(Keys.Reports(tokens[1]));
        cluster.PauseNode(paused);
        ErasedKeys late;
        try
        {
            late = await store.Subjects.EraseAsync(tokens, replicas: 1, default).DefaultTimeout();
        }
        finally
        {
            cluster.ResumeNode(paused);
        }

        Assert.Equal(new ErasedKeys(2, 2, 0), late);
        Assert.Equal(new ErasedKeys(0, 0, 1), await AcknowledgedAsync(store, tokens));
    }

    // The first call may come before the replicas do.
    private static async Task<ErasedKeys> AcknowledgedAsync(StoreUnderTest store, SubjectToken[] tokens)
    {
        ErasedKeys sum = default;
        await Poll.UntilAsync(async () =>
        {
            var erased = await store.Subjects.EraseAsync(tokens, replicas: 1, default);
            sum = new ErasedKeys(sum.Records + erased.Records, sum.ReportLists + erased.ReportLists, erased.Replicas);
            return sum.Replicas > 0;
        }).DefaultTimeout();
        return sum;
    }

    private static async Task KnowAsync(StoreUnderTest store, string name)
    {
        var now = await store.Store.TimeAsync(default).DefaultTimeout() / 1000;
        var item = Item(now, SubjectKind.Address, name);
        await store.Store.ObserveAsync([new ObservedEvent([item], Replay: null)], default).DefaultTimeout();
        await store.Store.ReportAsync([new ReportedEvent([item], true, Once(now, name, "d1"))], default).DefaultTimeout();
    }

    private (string First, string Second) OnTwoMasters()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"spread-{i}").ToList();
        return (names[0], names.First(name => !Equals(MasterOf(name), MasterOf(names[0]))));
    }

    private System.Net.EndPoint? MasterOf(string name) =>
        cluster.AdminConnection.GetServers()[0].ClusterConfiguration!.GetBySlot(ClusterSlot.Of(Keys.Reports(Key(SubjectKind.Address, name).Token)))!.EndPoint;

    // Asked again, for the connection may be older than the replica.
    private async Task<int> ReplicaOfAsync(byte[] key)
    {
        var nodes = (await cluster.AdminConnection.GetServers()[0].ClusterNodesAsync().DefaultTimeout())!;
        var master = nodes.GetBySlot(ClusterSlot.Of(key))!;
        var replica = nodes.Nodes.Single(node => string.Equals(node.ParentNodeId, master.NodeId, StringComparison.Ordinal));
        return cluster.Endpoints.Index().Single(endpoint => replica.EndPoint!.ToString()!.EndsWith(endpoint.Item, StringComparison.Ordinal)).Index;
    }
}
