using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The rule over several masters, one of which is full and late.</summary>
public sealed class StoreMemoryClusterTests(RedisClusterFixture cluster) : IClassFixture<RedisClusterFixture>, IDisposable
{
    private readonly LogCapture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Look_FullMasterHangs_RuleStaysInForceAndIsToldOnce()
    {
        using var logging = LoggerFactory.Create(builder => builder.AddCapture(_logs));
        await using var connection = new RedisConnection(
            Options.Create(new SignalStoreOptions { Topology = SignalTopology.Cluster, ConnectionString = cluster.ConnectionString(RedisAccount.Scorer) }),
            logging.CreateLogger<RedisConnection>());
        await connection.StartAsync(default).DefaultTimeout();
        var memory = new StoreMemory();
        using var service = new StoreMemoryService(
            connection, memory, new StoreMemoryMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), TimeProvider.System, logging.CreateLogger<StoreMemoryService>());
        await FillAsync();
        await service.LookAsync().DefaultTimeout();
        Assert.True(memory.IsTight);

        cluster.PauseNode(0);
        try
        {
            await service.LookAsync().DefaultTimeout();
            await service.LookAsync().DefaultTimeout();
            Assert.True(memory.IsTight);
        }
        finally
        {
            cluster.ResumeNode(0);
        }

        await service.LookAsync().DefaultTimeout();
        Assert.True(memory.IsTight);
        Assert.Equal([EventIds.StoreMemoryTight], _logs.Logs.Select(static log => log.Event.Id).Where(static id => id is EventIds.StoreMemoryTight or EventIds.StoreMemoryEased));
    }

    // Whatever it holds is nine tenths of what it may hold.
    private async Task FillAsync()
    {
        var node = cluster.AdminConnection.GetServer(cluster.Endpoints[0]);
        var used = StoreMemoryReading.Of(await node.InfoRawAsync("memory").DefaultTimeout(), stats: null)!.Used;
        await node.ExecuteAsync("CONFIG", "SET", "maxmemory", used * 10 / 9).DefaultTimeout();
    }
}
