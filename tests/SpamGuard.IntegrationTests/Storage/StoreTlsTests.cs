using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The store over mutual TLS, and what is said where that does not come about.</summary>
public sealed class StoreTlsTests(RedisTlsFixture redis) : IClassFixture<RedisTlsFixture>, IAsyncLifetime, IDisposable
{
    private readonly LogCapture _logs = new();
    private readonly TestAuthority _stranger = new("stranger");
    private ILoggerFactory? _logging;

    public Task InitializeAsync()
    {
        _logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddCapture(_logs));
        return redis.FlushAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _logging?.Dispose();
        _logs.Dispose();
        _stranger.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Store_OverMutualTls_Counts(string host)
    {
        await using var connection = await OpenAsync(Files(), host);

        Assert.Equal(ReplyStatus.Counted, await ObserveAsync(connection));
        Assert.DoesNotContain(_logs.Logs, log => log.Level >= LogLevel.Warning);
        Assert.Empty((RedisResult[])(await redis.Admin.ExecuteAsync("ACL", "LOG").DefaultTimeout())!);
    }

    [Fact]
    public async Task Store_FilesReplaced_ReconnectsWithTheNewCertificate()
    {
        var old = redis.Authority.Client(["old"], "renewed");
        await using var connection = await OpenAsync(Files(old));
        await ObserveAsync(connection);
        var before = await ClientAsync();

        var stale = redis.Authority.Client(["expired"], "expired", notAfter: TimeProvider.System.GetUtcNow().AddMinutes(-1));
        Replace(old, stale);
        await KillAsync();
        await ToldAsync(EventIds.StoreTlsFailed, "refuses the client certificate of Signals:Tls:CertificatePath (certificate expired)");

        Replace(old, redis.Authority.Client(["new"], "new"));
        await CountsAgainAsync(connection);
        Assert.NotEqual(before, await ClientAsync());
    }

    [Fact]
    public async Task Store_FilesBroken_ReconnectsWithTheLastGoodOnes()
    {
        var client = redis.Authority.Client(["broken"], "broken");
        await using var connection = await OpenAsync(Files(client));
        await ObserveAsync(connection);

        await File.WriteAllTextAsync(client.KeyPath, "half");
        await KillAsync();
        await ToldAsync(EventIds.StoreTlsFilesRejected, "Signals:Tls:KeyPath: found '");

        await CountsAgainAsync(connection);
    }

    [Fact]
    public async Task Store_OfAnotherAuthority_IsAwayAndSaysWhichSetting()
    {
        await using var connection = await OpenAsync(new StoreTlsOptions { CaPath = _stranger.CaPath, CertificatePath = redis.Client.CertificatePath, KeyPath = redis.Client.KeyPath });

        await AssertAwayAsync(connection, "not from an authority of Signals:Tls:CaPath");
    }

    [Fact]
    public async Task Store_OfAnotherName_IsAwayAndSaysSo()
    {
        await using var connection = await OpenAsync(Files(), more: ",sslHost=redis.example.org");

        await AssertAwayAsync(connection, "not for the host that the connection string names");
    }

    [Fact]
    public async Task Store_ClientCertificateExpired_IsAwayAndSaysWhichSetting()
    {
        var expired = redis.Authority.Client(["expired"], notAfter: TimeProvider.System.GetUtcNow().AddMinutes(-1));
        await using var connection = await OpenAsync(Files(expired));

        await AssertAwayAsync(connection, "refuses the client certificate of Signals:Tls:CertificatePath (certificate expired)");
    }

    [Fact]
    public async Task Store_ClientCertificateOfAnotherAuthority_IsAwayAndSaysWhichSetting()
    {
        await using var connection = await OpenAsync(Files(_stranger.Client(["spamguard"])));

        await AssertAwayAsync(connection, "refuses the client certificate of Signals:Tls:CertificatePath");
    }

    [Fact]
    public async Task Store_NoClientCertificate_IsAwayAndSaysWhichSetting()
    {
        await using var connection = await OpenAsync(new StoreTlsOptions { CaPath = redis.Authority.CaPath });

        await AssertAwayAsync(connection, "Signals:Tls:CertificatePath, which is not set");
    }

    private StoreTlsOptions Files(TestCertificate? client = null) => new()
    {
        CaPath = redis.Authority.CaPath,
        CertificatePath = (client ?? redis.Client).CertificatePath,
        KeyPath = (client ?? redis.Client).KeyPath,
    };

    private static void Replace(TestCertificate held, TestCertificate other)
    {
        File.Copy(other.CertificatePath, held.CertificatePath, overwrite: true);
        File.Copy(other.KeyPath, held.KeyPath, overwrite: true);
    }

    private async Task<RedisConnection> OpenAsync(StoreTlsOptions tls, string host = "127.0.0.1", string more = "")
    {
        var options = new SignalStoreOptions
        {
            ConnectionString = redis.ConnectionString(RedisAccount.Scorer).Replace("127.0.0.1", host, StringComparison.Ordinal) + more,
            Tls = tls,
        };
        var connection = new RedisConnection(Options.Create(options), _logging!.CreateLogger<RedisConnection>());
        await connection.StartAsync(default).DefaultTimeout();
        return connection;
    }

    private static async Task<ReplyStatus> ObserveAsync(RedisConnection connection)
    {
        var store = new RedisSignalStore(connection, Scripts.InService);
        var now = await store.TimeAsync(default).DefaultTimeout() / 1000;
        return Assert.Single(await store.ObserveAsync([new ObservedEvent(Three(now, "tls"), null)], default).DefaultTimeout()).Status;
    }

    private static Task CountsAgainAsync(RedisConnection connection) => Poll.UntilAsync(async () =>
    {
        try
        {
            return await ObserveAsync(connection) == ReplyStatus.Counted;
        }
        catch (StoreException)
        {
            return false;
        }
    }).DefaultTimeout();

    private Task ToldAsync(int eventId, string text) =>
        Poll.UntilAsync(() => Task.FromResult(_logs.Logs.Any(log => log.Event.Id == eventId && log.Text.Contains(text, StringComparison.Ordinal)))).DefaultTimeout();

    private async Task AssertAwayAsync(RedisConnection connection, string fault)
    {
        await ToldAsync(EventIds.StoreTlsFailed, fault);
        var failure = await Assert.ThrowsAsync<StoreException>(() => ObserveAsync(connection));

        Assert.Equal(StoreFailure.Unavailable, failure.Failure);
        Assert.DoesNotContain(Keys.Prefix, _logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain("-----BEGIN", _logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain("refuses this account", _logs.AllText, StringComparison.Ordinal);
    }

    // The id of the scorer's connection.
    private async Task<string> ClientAsync() =>
        Assert.Single(((string)(await redis.Admin.ExecuteAsync("CLIENT", "LIST").DefaultTimeout())!).Split('\n'), line => line.Contains("user=scorer", StringComparison.Ordinal)).Split(' ')[0];

    private Task<RedisResult> KillAsync() => redis.Admin.ExecuteAsync("CLIENT", "KILL", "USER", RedisAccount.Scorer.Name).DefaultTimeout();
}
