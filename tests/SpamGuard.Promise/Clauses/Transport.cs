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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "transport to the store";

    public string Promise => "The store speaks TLS only, and with nobody who shows no certificate of its authority.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        foreach (var setting in (string[])["port", "tls-port"])
        {
            var port = int.Parse(((RedisResult[])(await world.Redis.Admin.ExecuteAsync("CONFIG", "GET", setting))!)[1].ToString(), CultureInfo.InvariantCulture);
            var isRefused = port == 0 || !await IsAnsweredAsync(port, tls: null);
            findings.Must(isRefused, port == 0 ? "there is no port without TLS" : $"a PING in the clear to {setting} is {(isRefused ? "not answered" : "answered")}");
        }

        var tlsPort = int.Parse(world.Redis.Endpoint.Split(':')[1], CultureInfo.InvariantCulture);
        using var stranger = new TestAuthority("another-ca");
        await MustAsync(world.Redis.Tls(certificate: null), answered: false, "without a certificate");
        await MustAsync(world.Redis.Tls(stranger.Client(["redis-client"])), answered: false, "with a certificate of another authority");
        await MustAsync(world.Redis.Tls(world.Redis.Client), answered: true, "with one of its own authority");

        async Task MustAsync(SslClientAuthenticationOptions tls, bool answered, string how)
        {
            var isAnswered = await IsAnsweredAsync(tlsPort, tls);
            findings.Must(isAnswered == answered, $"a PING by TLS {how} is {(isAnswered ? "answered" : "not answered")}");
        }
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
