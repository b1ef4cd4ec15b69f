using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Listeners;

/// <summary>A listener has so many connections at once and no more, and what one listener has is nothing to another.</summary>
public sealed class MaxConnectionsTests(MaxConnectionsTests.SmallFixture server) : IClassFixture<MaxConnectionsTests.SmallFixture>
{
    [Fact]
    public async Task Connection_BeyondTheMost_IsClosedUntilOneOfTheOthersIs()
    {
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();

        Assert.False(await IsServedAsync());
        Assert.Equal(HttpStatusCode.OK, await HealthAsync());

        first.Dispose();
        await Poll.UntilAsync(IsServedAsync).DefaultTimeout();
    }

    private static async Task<bool> EndsAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1]).AsTask().DefaultTimeout() == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>A connection that stays open: the server's first frame says that it was taken.</summary>
    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Url(Listener.Grpc)).Port).DefaultTimeout();
        await client.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray()).AsTask().DefaultTimeout();
        Assert.False(await EndsAsync(client));
        return client;
    }

    private async Task<bool> IsServedAsync()
    {
        using var channel = GrpcChannel.ForAddress(server.Url(Listener.Grpc));
        try
        {
            await new ScoringService.ScoringServiceClient(channel).ScoreAsync(new ScoreRequest { Event = Events.SignUp("31.0.0.1") }).ResponseAsync.DefaultTimeout();
            return true;
        }
        catch (global::Grpc.Core.RpcException e) when (e.StatusCode is global::Grpc.Core.StatusCode.Unavailable or global::Grpc.Core.StatusCode.Internal)
        {
            return false; // the second where the connection closed in the middle of its preface
        }
    }

    private async Task<HttpStatusCode> HealthAsync()
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(server.Url(Listener.Health) + "/livez")).DefaultTimeout();
        return response.StatusCode;
    }

    /// <summary>A server whose listeners have two connections each.</summary>
    public sealed class SmallFixture : ServerFixture
    {
        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
            Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Listeners:MaxConnections"] = "2" });
    }
}
