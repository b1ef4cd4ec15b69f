using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>When the certificates of the connections to the store are over, as Prometheus is told.</summary>
public sealed class StoreCertificateMetricsTests(RedisTlsFixture redis) : IClassFixture<RedisTlsFixture>
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [Fact]
    public async Task Metrics_OfAConnection_AreOfTheThreeCertificates()
    {
        var (options, metrics) = Metered(redis.Client, redis.Authority.CaPath);
        Assert.Equal((0, 0), (await ShownAsync("server"), await ShownAsync("authority")));

        await using var connection = new RedisConnection(options, NullLogger<RedisConnection>.Instance, certificates: metrics);
        await connection.StartAsync(default).DefaultTimeout();

        Assert.Equal(Expires(redis.Client.CertificatePath), await ShownAsync("client"));
        Assert.Equal(Expires(Path.Combine(redis.Authority.Folder, "server.crt")), await ShownAsync("server"));
        Assert.Equal(Expires(redis.Authority.CaPath), await ShownAsync("authority"));
    }

    [Fact]
    public async Task Metrics_ClientCertificateRenewed_AreOfTheNewOneWithoutAnotherConnection()
    {
        var held = redis.Authority.Client(["spamguard"], "held");
        Metered(held, redis.Authority.CaPath);
        Assert.Equal(Expires(held.CertificatePath), await ShownAsync("client"));

        var renewed = redis.Authority.Client(["spamguard"], "renewed", notAfter: TimeProvider.System.GetUtcNow().AddDays(50));
        File.Copy(renewed.CertificatePath, held.CertificatePath, overwrite: true);
        Assert.NotEqual(Expires(renewed.CertificatePath), await ShownAsync("client")); // without its key it is none yet

        File.Copy(renewed.KeyPath, held.KeyPath, overwrite: true);
        Assert.Equal(Expires(renewed.CertificatePath), await ShownAsync("client"));
    }

    [Fact]
    public async Task Metrics_OfSeveralServers_AreOfTheFirstThatIsOver()
    {
        var (_, metrics) = Metered(redis.Client, redis.Authority.CaPath);
        var (soon, later, last) = (Chain(10), Chain(20), Chain(30));

        metrics.Seen("a", soon);
        metrics.Seen("b", later);
        Assert.Equal(Expires(soon), await ShownAsync("server"));

        metrics.Seen("a", last);
        Assert.Equal(Expires(later), await ShownAsync("server"));
    }

    [Fact]
    public async Task Metrics_OfAStrangersServer_AreNone()
    {
        using var stranger = new TestAuthority("stranger");
        var (options, metrics) = Metered(redis.Client, stranger.CaPath);

        await using var connection = new RedisConnection(options, NullLogger<RedisConnection>.Instance, certificates: metrics);
        await connection.StartAsync(default).DefaultTimeout();

        Assert.Equal((0, 0), (await ShownAsync("server"), await ShownAsync("authority")));
    }

    private static double Expires(string path)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        return new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds();
    }

    private static double Expires(X509Chain chain) => new DateTimeOffset(chain.ChainElements[0].Certificate.NotAfter).ToUnixTimeSeconds();

    private (IOptions<SignalStoreOptions> Options, StoreCertificateMetrics Metrics) Metered(TestCertificate client, string caPath)
    {
        var options = Options.Create(new SignalStoreOptions
        {
            ConnectionString = redis.ConnectionString(RedisAccount.Scorer),
            Tls = new StoreTlsOptions { CaPath = caPath, CertificatePath = client.CertificatePath, KeyPath = client.KeyPath },
        });
        return (options, new StoreCertificateMetrics(Metrics.WithCustomRegistry(_registry), _registry, options));
    }

    private X509Chain Chain(int days)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(redis.Authority.CaPath);
        var leaf = redis.Authority.Client(["redis"], notAfter: TimeProvider.System.GetUtcNow().AddDays(days));
        Assert.True(chain.Build(X509CertificateLoader.LoadCertificateFromFile(leaf.CertificatePath)));
        return chain;
    }

    private async Task<double> ShownAsync(string certificate)
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text);
        var series = $"spamguard_store_certificate_expires_timestamp_seconds{{certificate=\"{certificate}\"}} ";
        var line = Assert.Single(Encoding.UTF8.GetString(text.ToArray()).Split('\n'), line => line.StartsWith(series, StringComparison.Ordinal));
        return double.Parse(line[series.Length..], CultureInfo.InvariantCulture);
    }
}
