using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.Promise.Clauses;

/// <summary>Tries to speak with the store in the clear, without a certificate, and with one of another authority.</summary>
internal sealed class Transport : IClause
{
    private static readonly string TlsFailed = string.Create(CultureInfo.InvariantCulture, $"\"EventId\":{EventIds.StoreTlsFailed},");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public string Name => "transport to the store";

    public string Promise => "The store speaks TLS only, and with nobody who shows no certificate of its authority; the service speaks with no store of another authority.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        foreach (var setting in (string[])["port", "tls-port"])
        {
            var port = int.Parse(((RedisResult[])(await world.Redis.Admin.ExecuteAsync("CONFIG", "GET", setting))!)[1].ToString(), CultureInfo.InvariantCulture);
            var isRefused = port == 0 || !await IsAnsweredAsync(port, tls: null);
            findings.Must(isRefused, port == 0 ? "there is no port without TLS" : $"a PING in the clear to {setting} is {(isRefused ? "not answered" : "answered")}");
        }

        var tlsPort = int.Parse(world.Redis.Endpoint.Split(':')[1], CultureInfo.InvariantCulture);
        await MustAsync(world.Redis.Tls(certificate: null), answered: false, "without a certificate");
        await MustAsync(world.Redis.Tls(world.Stranger.Client(["redis-client"])), answered: false, "with a certificate of another authority");
        await MustAsync(world.Redis.Tls(world.Redis.Client), answered: true, "with one of its own authority");

        await ImpostorAsync(world, findings);

        async Task MustAsync(SslClientAuthenticationOptions tls, bool answered, string how)
        {
            var isAnswered = await IsAnsweredAsync(tlsPort, tls);
            findings.Must(isAnswered == answered, $"a PING by TLS {how} is {(isAnswered ? "answered" : "not answered")}");
        }
    }

    /// <summary>A store of the same accounts, but with a certificate of another authority, must not even be told a password.</summary>
    private static async Task ImpostorAsync(RunningWorld world, Findings findings)
    {
        var impostor = await world.StartRedisAsync("impostor", world.Stranger);
        await using var service = world.Launch(impostor, world.Pepper.Path);
        var names = 0L;
        await Poll.UntilAsync(async () =>
        {
            names = await NamesAsync(impostor);
            return names > 0 || service.Output.Contains(TlsFailed, StringComparison.Ordinal) || service.ExitCode is not null;
        }).TimeoutAfter(Limit);
        findings.Must(
            names == 0 && service.ExitCode is null && !await service.IsServingAsync(),
            $"to a store with a certificate of another authority the service {(names == 0 ? "tells no password, and says why (StoreTlsFailed); it takes no calls" : "tells its password")}");
    }

    /// <summary>How often somebody else than the admin told a store a name and a password.</summary>
    private static async Task<long> NamesAsync(TlsRedis redis)
    {
        var clients = (await redis.Admin.ExecuteAsync("CLIENT", "LIST")).ToString();
        return clients.Split('\n').Count(static line => line.Contains($"user={RedisAccount.Scorer.Name}", StringComparison.Ordinal));
    }

    /// <summary>Whether the store says anything; that it wants a password is an answer.</summary>
    private static async Task<bool> IsAnsweredAsync(int port, SslClientAuthenticationOptions? tls)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port).WaitAsync(Patience, TimeProvider.System);
            await using Stream stream = tls is null ? socket.GetStream() : new SslStream(socket.GetStream());
            if (stream is SslStream encrypted)
            {
                await encrypted.AuthenticateAsClientAsync(tls!).WaitAsync(Patience, TimeProvider.System);
            }

            await stream.WriteAsync("PING\r\n"u8.ToArray()).AsTask().WaitAsync(Patience, TimeProvider.System);
            var first = new byte[1];
            var length = await stream.ReadAsync(first).AsTask().WaitAsync(Patience, TimeProvider.System);
            return length == 1 && first[0] is (byte)'+' or (byte)'-';
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or TimeoutException)
        {
            return false;
        }
    }
}
