extern alias cli;

using cli::SpamGuard.Cli;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard doctor</c> on a server with a real Redis, which goes away and comes back.</summary>
public sealed class DoctorStoreTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Doctor_StoreStopsAndStarts_SaysSoAndKeepsNothing()
    {
        var before = await DoctorRun.SettledAsync(server.Url(Listener.Grpc));
        var kept = (string[]?)await server.Redis.Admin.ExecuteAsync("KEYS", "sg:*").DefaultTimeout();

        await server.Redis.StopAsync();
        var away = await DoctorRun.OfAsync(server.Url(Listener.Grpc));
        await server.Redis.StartAsync();

        Assert.Equal((ExitCodes.Ok, ExitCodes.VerificationFailed), (before.Code, away.Code));
        Assert.Equal(("ok", "a preview was answered by it"), (before["store"].State, before["store"].Found));
        Assert.All(kept!, static key => Assert.StartsWith("sg:e:", key, StringComparison.Ordinal)); // the salts of the epochs, and no record
        Assert.Equal(("fail", "a preview was answered without it"), (away["store"].State, away["store"].Found));
        Assert.Contains("ConnectionStrings:Signals", away["store"].Fix, StringComparison.Ordinal);
        Assert.Equal("ok", away["health"].State);
        Assert.Equal(("warn", "callers are not told apart: everybody may everything"), (before["caller"].State, before["caller"].Found));
    }
}
