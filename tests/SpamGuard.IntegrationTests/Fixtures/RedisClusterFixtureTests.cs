using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Fixtures;

[Collection(nameof(RedisClusterCollection))]
public sealed class RedisClusterFixtureTests(RedisClusterFixture cluster)
{
    private const int AllSlots = 16_384;

    [Fact]
    public async Task Cluster_WhenStarted_HasThreeMastersThatCoverAllSlots()
    {
        var nodes = await cluster.AdminConnection.GetServers()[0].ClusterNodesAsync().DefaultTimeout();

        var masters = nodes!.Nodes.Where(node => !node.IsReplica).ToList();
        Assert.Equal(RedisClusterFixture.Masters, masters.Count);
        Assert.All(masters, master => Assert.NotEmpty(master.Slots));
        var covered = masters.SelectMany(master => master.Slots).SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1));
        Assert.Equal(Enumerable.Range(0, AllSlots), covered.Order());
    }

    [Fact]
    public async Task Scorer_KeysOfDifferentSlots_AreWrittenToDifferentMasters()
    {
        await cluster.FlushAsync();
        await using var scorer = await cluster.ConnectAsync(RedisAccount.Scorer);
        var database = scorer.GetDatabase();
        string[] keys = ["sg:a:{a}", "sg:a:{b}", "sg:a:{c}", "sg:a:{d}"];

        foreach (var key in keys)
        {
            await database.ScriptEvaluateAsync("return redis.call('PSETEX', KEYS[1], 60000, 'v')", [key]).DefaultTimeout();
        }

        var owners = keys.Select(key => scorer.GetServer((RedisKey)key).EndPoint).Distinct();
        Assert.True(owners.Count() > 1);
        foreach (var key in keys)
        {
            Assert.Equal("v", await database.StringGetAsync(key).DefaultTimeout());
        }
    }
}
