using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Fixtures;

/// <summary>The host that is used where no Docker engine answers, tested where one does too.</summary>
public sealed class ProcessRedisHostTests
{
    [Fact]
    public async Task Host_StartPauseResumeStop_IsAnsweredOnlyWhileItRuns()
    {
        await using var host = new ProcessRedisHost();
        await host.StartAsync().DefaultTimeout();
        await using var admin = await ConnectionMultiplexer.ConnectAsync(RedisSettings.Connect(host.Endpoint, RedisAccount.Admin)).DefaultTimeout();
        await admin.GetDatabase().PingAsync().DefaultTimeout();

        await host.PauseAsync();
        var ping = admin.GetDatabase().PingAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => ping.TimeoutAfter(TimeSpan.FromMilliseconds(100)));
        await host.ResumeAsync();
        await ping.DefaultTimeout();

        await host.StopAsync().DefaultTimeout();
        await Assert.ThrowsAnyAsync<RedisException>(() => admin.GetDatabase().PingAsync().DefaultTimeout());
    }

    [Fact]
    public void Executable_ThatIsNotInstalled_SaysWhatToInstall()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => RedisProcess.Executable("redis-that-is-not-there"));

        Assert.Contains("apt-get install redis-server", failure.Message, StringComparison.Ordinal);
    }
}
