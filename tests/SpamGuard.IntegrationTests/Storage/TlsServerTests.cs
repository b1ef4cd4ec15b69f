using System.Text;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Retention;
using SpamGuard.Server;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The whole server, and a cluster, over mutual TLS.</summary>
public sealed class TlsServerTests(RedisTlsFixture redis, RedisTlsClusterFixture cluster)
    : IClassFixture<RedisTlsFixture>, IClassFixture<RedisTlsClusterFixture>, IDisposable
{
    private readonly LogCapture _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Server_OverMutualTls_ScoresAndTheDeskConnectsToo()
    {
        await redis.FlushAsync();
        await using var app = await StartAsync(redis.Settings());

        Assert.Equal(Quality.Full, (await ScoreAsync(app)).Quality);

        var desk = app.Services.GetRequiredKeyedService<ISignalStore>("Desk");
        Assert.True(await desk.TimeAsync(default).DefaultTimeout() > 0);
        Assert.DoesNotContain(_logs.Logs, log => log.Event.Id is EventIds.StoreTlsFailed or EventIds.StoreNotEncrypted);

        using var page = new MemoryStream();
        await app.Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(page);
        Assert.Equal(3, Encoding.UTF8.GetString(page.ToArray()).Split('\n').Count(static line =>
            line.StartsWith("spamguard_store_certificate_expires_timestamp_seconds{", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Server_StoreOfAnotherAuthority_AnswersDegraded()
    {
        using var stranger = new TestAuthority("stranger");
        await using var app = await StartAsync(new Dictionary<string, string?>(redis.Settings(), StringComparer.Ordinal) { ["Signals:Tls:CaPath"] = stranger.CaPath });

        Assert.Equal(Quality.Degraded, (await ScoreAsync(app)).Quality);

        Assert.Contains(_logs.Logs, log => log.Event.Id == EventIds.StoreTlsFailed && log.Message.Contains("Signals:Tls:CaPath", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Store_OnAClusterOverMutualTls_Counts()
    {
        var options = new SignalStoreOptions
        {
            ConnectionString = cluster.ConnectionString(RedisAccount.Scorer),
            Topology = SignalTopology.Cluster,
            Tls = new StoreTlsOptions { CaPath = cluster.Authority.CaPath, CertificatePath = cluster.Client.CertificatePath, KeyPath = cluster.Client.KeyPath },
        };
        await using var connection = new RedisConnection(Options.Create(options), NullLogger<RedisConnection>.Instance);
        await connection.StartAsync(default).DefaultTimeout();
        var store = new RedisSignalStore(connection, Scripts.InService);
        var now = await store.TimeAsync(default).DefaultTimeout() / 1000;

        for (var i = 0; i < 20; i++)
        {
            await store.ObserveAsync([new ObservedEvent(Three(now, $"tls {i}"), null)], default).DefaultTimeout();
        }

        Assert.Equal(RedisClusterFixture.Masters, connection.Masters.Count());
        Assert.Equal(1, (await store.ReadAsync([Key(SubjectKind.Region, "tls 19")], default).DefaultTimeout())[0].Today);
    }

    [Theory]
    [InlineData("redis.invalid:6379", true)]
    [InlineData("127.0.0.1:1,redis.invalid:6379", true)]
    [InlineData("127.0.0.1:1", false)]
    [InlineData("localhost:1", false)]
    [InlineData("[::1]:1", false)]
    public async Task Connection_InTheOpenToAnotherMachine_IsWarnedOf(string endpoints, bool warned)
    {
        using var logging = LoggerFactory.Create(builder => builder.AddCapture(_logs));
        await using var connection = new RedisConnection(
            Options.Create(new SignalStoreOptions { ConnectionString = endpoints }), logging.CreateLogger<RedisConnection>());

        await connection.StartAsync(default).DefaultTimeout();

        Assert.Equal(warned, _logs.Logs.Any(log => log.Event.Id == EventIds.StoreNotEncrypted));
    }

    private async Task<WebApplication> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var app = await SpamGuardServer.BuildAsync(ServerFixture.Builder(_logs, new Dictionary<string, string?>(settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:Signals"] = redis.ConnectionString(RedisAccount.Scorer),
            ["ConnectionStrings:Desk"] = redis.ConnectionString(RedisAccount.Desk),
        }));
        await app.StartAsync().DefaultTimeout();
        return app;
    }

    private static async Task<Assessment> ScoreAsync(WebApplication app)
    {
        using var channel = GrpcChannel.ForAddress($"http://{app.Services.GetRequiredService<BoundListeners>().Authority(Listener.Grpc)}");
        return (await new ScoringService.ScoringServiceClient(channel).ScoreAsync(new ScoreRequest { Event = Events.SignUp("31.0.0.1") }).ResponseAsync.DefaultTimeout()).Assessment;
    }
}
