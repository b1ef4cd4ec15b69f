using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Health;

/// <summary>What runs before the listeners open.</summary>
public sealed class WarmUpTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Start_BeforeAnyCall_LeavesNoSubjectInTheStore()
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in server.Redis.AdminConnection.GetEndPoints())
        {
            await foreach (var key in server.Redis.AdminConnection.GetServer(endpoint).KeysAsync(pattern: "sg:*"))
            {
                kinds.Add(key.ToString()[..4]);
            }
        }

        Assert.Subset(new HashSet<string>(["sg:e", "sg:w"], StringComparer.Ordinal), kinds);
        Assert.Contains("sg:e", kinds);
    }
}
