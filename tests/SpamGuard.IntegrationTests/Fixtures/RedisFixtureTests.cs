using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Fixtures;

/// <summary>What the fault tests rely on: the fixture really stops, freezes and brings back the server.</summary>
public sealed class RedisFixtureTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Settings_OfTheServer_AreThoseOfADeployment()
    {
        Assert.Equal(string.Empty, await SettingAsync("save"));
        Assert.Equal("no", await SettingAsync("appendonly"));
        Assert.Equal("volatile-ttl", await SettingAsync("maxmemory-policy"));
        Assert.Equal("-1", await SettingAsync("slowlog-log-slower-than"));
        Assert.Equal("no", await SettingAsync("crash-log-enabled"));
    }

    [Fact]
    public async Task ConnectAsync_WithNarrowCommands_LeavesTheAclLogEmpty()
    {
        await redis.FlushAsync();

        await using (var scorer = await redis.ConnectAsync(RedisAccount.Scorer, RedisFixture.NarrowCommands))
        {
            await scorer.GetDatabase().PingAsync().DefaultTimeout();
        }

        var log = (RedisResult[]?)await redis.Admin.ExecuteAsync("ACL", "LOG").DefaultTimeout();
        Assert.Empty(log!);
    }

    [Fact]
    public async Task FlushAsync_WithKeys_RemovesThem()
    {
        await redis.Admin.StringSetAsync("sg:a:{x}", "1").DefaultTimeout();

        await redis.FlushAsync();

        Assert.Equal(0, (long)await redis.Admin.ExecuteAsync("DBSIZE").DefaultTimeout());
    }

    [Fact]
    public async Task RestartAsync_WithKeys_ComesBackEmptyAtTheSameEndpoint()
    {
        var endpoint = redis.Endpoint;
        await redis.Admin.StringSetAsync("sg:a:{x}", "1").DefaultTimeout();

        await redis.StopAsync();
        await Assert.ThrowsAnyAsync<RedisException>(() => redis.Admin.PingAsync().DefaultTimeout());
        await redis.StartAsync();

        Assert.Equal(endpoint, redis.Endpoint);
        Assert.False(await redis.Admin.KeyExistsAsync("sg:a:{x}").DefaultTimeout());
    }

    [Fact]
    public async Task PauseAsync_UntilResumed_AnswersNothing()
    {
        await redis.PauseAsync();
        var ping = redis.Admin.PingAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => ping.TimeoutAfter(TimeSpan.FromMilliseconds(200)));
        await redis.ResumeAsync();

        await redis.Admin.PingAsync().DefaultTimeout();
        await ping.DefaultTimeout();
    }

    private async Task<string> SettingAsync(string name)
    {
        var answer = (RedisValue[]?)await redis.Admin.ExecuteAsync("CONFIG", "GET", name).DefaultTimeout();
        Assert.Equal(2, answer!.Length);
        return answer[1].ToString();
    }
}
