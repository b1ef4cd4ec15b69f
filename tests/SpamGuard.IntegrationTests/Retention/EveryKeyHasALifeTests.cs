using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Aggregates;
using SpamGuard.IntegrationTests.Privacy;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>Whatever the service does, all that it leaves in the store ends in time.</summary>
[Collection(nameof(CanaryCollection))]
public sealed class EveryKeyHasALifeTests(CanaryServerFixture server) : IClassFixture<CanaryServerFixture>
{
    private static readonly TimeSpan Fine = TimeSpan.FromMinutes(1);

    /// <summary>Seconds that a key may live: none stands for ever.</summary>
    public static TheoryData<string, double?, string> Planted => new()
    {
        { "sg:a:{planted}", null, "sg:a:{planted} never expires" },
        { "sg:a:{planted}", (7 * 86_400) + 60, "sg:a:{planted} lives another " },
        { "sg:n:{planted}", (30 * 86_400) + 60, "sg:n:{planted} lives another " },
        { "sg:q:{planted}:x", 70, "sg:q:{planted}:x lives another " },
        { "sg:e:a1", (7 * 86_400) + 960, "sg:e:a1 lives another " },
        { "sg:w:all2", null, "sg:w:all2 never expires" },
        { "sg:z:{planted}", 60, "sg:z:{planted} has no class" },
        { "sg:", 60, "sg: has no class" },
        { "other", 60, "other has no class" },
        { "other", null, "other has no class" },
    };

    [Fact]
    public async Task Keys_AfterABusyRun_AllEndWithinTheirClass()
    {
        using var calls = new CanaryCalls(server);
        await calls.StoreBackAsync();
        await calls.GoodAsync();
        await calls.BadAsync();
        await calls.GoodAsync();
        await server.Services.GetRequiredService<TrafficAggregates>()
            .FlushAsync(
                server.Services.GetRequiredService<ISignalStore>(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), CancellationToken.None)
            .DefaultTimeout();

        var faults = await KeyspaceAudit.FaultsAsync(server.Redis.Admin);

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal(
            Keys.Kinds.Select(kind => kind.Letter).Order(),
            (await KeyspaceSink.KeysAsync(server.Redis.Admin)).Select(key => key.ToString()[3]).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public async Task Faults_KeyThatLivesTooLongOrIsNobodys_IsReported(string key, double? seconds, string fault)
    {
        await server.Redis.Admin.StringSetAsync(key, "1", seconds is { } life ? TimeSpan.FromSeconds(life) : Expiration.Default).DefaultTimeout();

        var faults = await KeyspaceAudit.FaultsAsync(server.Redis.Admin);

        await server.Redis.Admin.KeyDeleteAsync(key).DefaultTimeout();
        Assert.StartsWith(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sg:a:{planted}")]
    [InlineData("sg:q:{planted}:x")]
    [InlineData("sg:e:a1")]
    public async Task Faults_KeyWithinItsClass_IsNone(string key)
    {
        await server.Redis.Admin.StringSetAsync(key, "1", Fine).DefaultTimeout();

        var faults = await KeyspaceAudit.FaultsAsync(server.Redis.Admin);

        await server.Redis.Admin.KeyDeleteAsync(key).DefaultTimeout();
        Assert.Empty(faults);
    }
}
