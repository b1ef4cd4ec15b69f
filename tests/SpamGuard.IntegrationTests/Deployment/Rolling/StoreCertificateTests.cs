using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Testing;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace SpamGuard.IntegrationTests.Deployment.Rolling;

/// <summary>The certificates between the processes and Redis change under load, as they do when whoever issues them renews them: no call fails.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class StoreCertificateTests(RedisTlsFixture redis, ITestOutputHelper output) : IClassFixture<RedisTlsFixture>
{
    private const string OwnFile = "processes";

    [Fact]
    public async Task Rotation_OfRedisOfItsAuthorityAndOfItsClients_FailsNoCall()
    {
        await redis.FlushAsync();
        var own = redis.Authority.Client(["spamguard"], OwnFile);
        var trusted = Path.Combine(redis.Authority.Folder, "trusted.crt"); // by the processes
        var ours = await File.ReadAllTextAsync(redis.Authority.CaPath);
        await File.WriteAllTextAsync(trusted, ours);
        await using var fleet = await StartAsync(trusted, own);
        await using var load = new SteadyLoad([fleet.Channel(), fleet.Channel()], "100.78");
        await load.GoOnAsync(100);

        // Redis' own, of the same authority, read while it runs: what is connected goes on, what connects is shown the new one.
        var renewed = redis.Authority.Server("renewed");
        await ConfigureAsync("tls-cert-file", renewed.CertificatePath, "tls-key-file", renewed.KeyPath);
        Assert.Equal(renewed.Serial, await SerialAsync(redis.Client));
        await load.GoOnAsync(100);
        await load.EndAsync();
        await OverAsync(fleet, CutAsync, "Redis' certificate is renewed, and read while it runs");

        // Read at its start, as where nobody may ask for CONFIG: it comes back empty.
        var again = redis.Authority.Server();
        await OverAsync(fleet, redis.RestartAsync, "Redis' certificate is renewed, and read at its start");
        Assert.Equal(again.Serial, await SerialAsync(redis.Client));

        // The authority: both are trusted by both, then each has a certificate of the new one, then the old one is trusted no more.
        using var next = new TestAuthority("next-ca");
        var both = Path.Combine(next.Folder, "both.crt");
        var theirs = await File.ReadAllTextAsync(next.CaPath);
        await File.WriteAllTextAsync(both, $"{ours}\n{theirs}");
        await ConfigureAsync("tls-ca-cert-file", both);
        File.Copy(both, trusted, overwrite: true);
        await OverAsync(fleet, CutAsync, "both authorities are trusted");

        var (server, client) = (next.Server(), next.Client(["spamguard"], OwnFile));
        await ConfigureAsync("tls-cert-file", server.CertificatePath, "tls-key-file", server.KeyPath);
        await OverAsync(fleet, CutAsync, "Redis' certificate is the new authority's");
        File.Copy(client.CertificatePath, own.CertificatePath, overwrite: true);
        File.Copy(client.KeyPath, own.KeyPath, overwrite: true);
        await OverAsync(fleet, CutAsync, "the processes' certificates are the new authority's");

        await ConfigureAsync("tls-ca-cert-file", next.CaPath);
        File.Copy(next.CaPath, trusted, overwrite: true);
        await OverAsync(fleet, CutAsync, "the old authority is trusted no more");
        Assert.Equal(server.Serial, await SerialAsync(client));
        await Assert.ThrowsAnyAsync<Exception>(() => SerialAsync(redis.Client)); // of the old one
    }

    private Task<Fleet> StartAsync(string trusted, TestCertificate own) => ReadyAsync(
    [
        new("ConnectionStrings:Signals", redis.ConnectionString(RedisAccount.Scorer)),
        new("Signals:Tls:CaPath", trusted),
        new("Signals:Tls:CertificatePath", own.CertificatePath),
        new("Signals:Tls:KeyPath", own.KeyPath),
    ]);

    private static async Task<Fleet> ReadyAsync(IEnumerable<KeyValuePair<string, string?>> store)
    {
        var fleet = await Fleet.StartAsync(store, places: 2);
        await Task.WhenAll(fleet.AddAsync(), fleet.AddAsync());
        return fleet;
    }

    // A load of its own while every connection of the processes ends: each answers without the store for a moment, and then with it again.
    private async Task OverAsync(Fleet fleet, Func<Task> cut, string what)
    {
        await using var load = new SteadyLoad([fleet.Channel(), fleet.Channel()], "100.78");
        await load.GoOnAsync(50);
        await cut();
        await Poll.UntilAsync(async () => !load.Failures.IsEmpty || (await ClientsAsync()).Count >= fleet.Running.Count).DefaultTimeout();
        await FullAsync(load);
        await load.EndAsync(isStoreAway: true);
        output.WriteLine($"{what}: {load.Answers} calls, {load.Degraded} without the store, none failed");
    }

    private async Task CutAsync()
    {
        var before = await ClientsAsync();
        await redis.Admin.ExecuteAsync("CLIENT", "KILL", "USER", RedisAccount.Scorer.Name).DefaultTimeout();
        Assert.Empty((await ClientsAsync()).Intersect(before, StringComparer.Ordinal));
    }

    // So many answers in a row with the store that nobody is without it any more.
    private static async Task FullAsync(SteadyLoad load)
    {
        int degraded;
        do
        {
            degraded = load.Degraded;
            await load.GoOnAsync(100);
        }
        while (load.Degraded != degraded && load.Failures.IsEmpty);
    }

    private Task<RedisResult> ConfigureAsync(params object[] settings) => redis.Admin.ExecuteAsync("CONFIG", ["SET", .. settings]).DefaultTimeout();

    // The connections of the processes.
    private async Task<IReadOnlyList<string>> ClientsAsync() =>
    [
        .. ((string)(await redis.Admin.ExecuteAsync("CLIENT", "LIST").DefaultTimeout())!).Split('\n')
            .Where(static line => line.Contains(" user=scorer ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[0]),
    ];

    // The certificate that Redis shows who connects now with one of his own. An answer to a command, for TLS 1.3 refuses a client only then.
    private async Task<string> SerialAsync(TestCertificate client)
    {
        var endpoint = IPEndPoint.Parse(redis.Endpoint);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(endpoint).DefaultTimeout();
        await using var tls = new SslStream(tcp.GetStream());
        using var certificate = client.Load();
        X509Certificate? shown = null;
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = [certificate],
            RemoteCertificateValidationCallback = (_, presented, _, _) => (shown = presented) is not null, // looked at, not trusted
        }).DefaultTimeout();
        await tls.WriteAsync("PING\r\n"u8.ToArray()).DefaultTimeout();
        Assert.NotEqual(0, await tls.ReadAsync(new byte[1]).DefaultTimeout());
        return shown!.GetSerialNumberString();
    }
}
