using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The store as the service registers it, on a real Redis whose memory runs full.</summary>
public sealed class StoreMemoryTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime, IDisposable
{
    private const int Room = 8 << 20;
    private const int Chunk = 64 << 10;

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly LogCapture _logs = new();
    private readonly Stack<string> _filler = new();
    private ServiceProvider? _services;
    private long _limit;

    private RedisSignalStore Store { get; set; } = null!;

    private RedisConnection Connection => _services!.GetRequiredService<RedisConnection>();

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Signals"] = redis.ConnectionString(RedisAccount.Scorer),
        }).Build();
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddCapture(_logs))
            .AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(_registry))
            .AddRedisSignalStore(configuration)
            .BuildServiceProvider();
        await Connection.StartAsync(default).DefaultTimeout();
        Store = new RedisSignalStore(Connection, Scripts.InService, _services.GetRequiredService<StoreMemory>()); // without a budget to miss
        await redis.Admin.ExecuteAsync("CONFIG", "SET", "maxmemory-samples", 64).DefaultTimeout(); // Redis evicts the soonest of a sample: of a large one, nearly of all
        _limit = await UsedAsync() + Room;
        await LimitAsync(_limit);
    }

    public async Task DisposeAsync()
    {
        await LimitAsync(0);
        await redis.Admin.ExecuteAsync("CONFIG", "SET", "maxmemory-samples", 5).DefaultTimeout();
        await _services!.DisposeAsync();
    }

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Look_StoreFillsAndEmpties_RuleIsInForceBetweenItsTwoShares()
    {
        await FillAsync(0.84);
        await LookAsync();
        Assert.Contains("spamguard_store_memory_tight 0\n", await MetricsAsync(), StringComparison.Ordinal);

        await FillAsync(0.86);
        await LookAsync();
        Assert.Contains("spamguard_store_memory_tight 1\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains($"spamguard_store_memory_limit_bytes {_limit}\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Matches("spamguard_store_memory_used_ratio 0\\.8[67]", await MetricsAsync());

        await EmptyAsync(0.83);
        await LookAsync();
        Assert.Contains("spamguard_store_memory_tight 1\n", await MetricsAsync(), StringComparison.Ordinal);

        await EmptyAsync(0.79);
        await LookAsync();
        Assert.Contains("spamguard_store_memory_tight 0\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal([EventIds.StoreMemoryTight, EventIds.StoreMemoryEased], _logs.Logs.Select(log => log.Event.Id).Where(id => id is >= 1213 and <= 1219));
        Assert.Contains("the fullest of 1 masters that answer is 7", _logs.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_NoLimit_IsNeverTightAndShowsThatThereIsNone()
    {
        await FillAsync(0.9);
        await LimitAsync(0);

        await LookAsync();

        Assert.Contains("spamguard_store_memory_limit_bytes 0\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("spamguard_store_memory_used_ratio 0\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("spamguard_store_memory_tight 0\n", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_StoreAway_KeepsTheRuleThoughNothingIsKnownAnyMoreAndSaysNothingElse()
    {
        await FillAsync(0.86);
        await LookAsync();
        await redis.StopAsync();
        await Poll.UntilAsync(() => Task.FromResult(!Connection.Masters.Any())).DefaultTimeout();

        await LookAsync();
        Assert.Contains("spamguard_store_memory_tight 1\n", await MetricsAsync(), StringComparison.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            await LookAsync();
        }

        Assert.Contains("spamguard_store_memory_tight 1\n", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("spamguard_store_memory_used_ratio NaN\n", await MetricsAsync(), StringComparison.Ordinal);
        await redis.StartAsync();
        Assert.DoesNotContain(_logs.Logs, log => log.Event.Id == EventIds.StoreMemoryEased);
    }

    [Fact]
    public async Task Observe_StoreTight_MakesRecordsOfNetworksAndRegionsOnly()
    {
        var now = await NowAsync();
        SubjectItem[] known = [.. Three(now, "known"), Item(now, SubjectKind.Account, "known"), Item(now, SubjectKind.Content, "known")];
        await ObserveAsync(known);
        await FillAsync(0.86);
        await LookAsync();

        SubjectItem[] fresh = [.. Three(now, "fresh"), Item(now, SubjectKind.Account, "fresh"), Item(now, SubjectKind.Content, "fresh")];
        var reply = await ObserveAsync(fresh);
        Assert.Equal(ReplyStatus.Counted, reply.Status);
        Assert.All(reply.Records, pair => Assert.Equal(default, pair));
        reply = await ObserveAsync(fresh);
        Assert.Equal([0, 1, 1, 0, 0], reply.Records.Select(pair => (int)pair.Current.Today));

        await ObserveAsync(known);
        Assert.All(await Store.ReadAsync([.. known.Select(item => item.Current)], default), record => Assert.Equal(2, record.Today));

        await EmptyAsync(0.79);
        await LookAsync();
        await ObserveAsync(fresh);
        Assert.Equal([1, 3, 3, 1, 1], (await Store.ReadAsync([.. fresh.Select(item => item.Current)], default)).Select(record => (int)record.Today));
    }

    [Fact]
    public async Task Report_StoreTight_ByAddressReachesItsNetworkAndByTokenStillNothing()
    {
        var now = await NowAsync();
        await FillAsync(0.86);
        await LookAsync();

        var byAddress = new ReportedEvent(Three(now, "reported", member: 4), Spam: true, Once(now, "reported", "d1"));
        Assert.Equal(ReplyStatus.Counted, Assert.Single(await Store.ReportAsync([byAddress], default)).Status);
        Assert.Equal(ReplyStatus.Duplicate, Assert.Single(await Store.ReportAsync([byAddress], default)).Status);
        Assert.Equal([0, 1, 1], (await Store.ReadAsync([.. byAddress.Items.Select(item => item.Current)], default)).Select(record => (int)record.Spam));

        var byToken = new ReportedEvent(Three(now, "reported", member: 8, mayCreate: false), Spam: true, Once(now, "reported", "d2"));
        Assert.Equal(ReplyStatus.Gone, Assert.Single(await Store.ReportAsync([byToken], default)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Flood_FromFreshAddresses_PushesNothingOutUnlessTheRuleIsOff(bool withRule)
    {
        const int Evidence = 500;
        const int Batches = 140;
        var now = await NowAsync();
        var store = withRule ? Store : new RedisSignalStore(Connection, Scripts.InService);
        var epoch = new EpochId(RetentionClass.Address, 1);
        await store.EpochAsync(epoch, Epoch(1, 1), now + 1800, default).DefaultTimeout();
        SubjectItem[] evidence = [.. Enumerable.Range(0, Evidence).Select(i => Item(now, i % 2 == 0 ? SubjectKind.Address : SubjectKind.Network, $"evidence {i}") with { Deadline = now + 3600 })];
        await store.ObserveAsync([.. evidence.Select(item => new ObservedEvent([item], null))], default).DefaultTimeout();
        await LookAsync();

        for (var batch = 0; batch < Batches; batch++)
        {
            await store.ObserveAsync(
                [.. Enumerable.Range(0, RedisSignalStore.MaxEvents).Select(i => new ObservedEvent([Item(now, SubjectKind.Address, $"flood {batch} {i}"), Item(now, SubjectKind.Network, "flood")], null))],
                default).DefaultTimeout();
            await LookAsync();
        }

        var kept = (await store.ReadAsync([.. evidence.Select(item => item.Current)], default).DefaultTimeout()).Count(record => record.Exists);
        var salt = await store.EpochAsync(epoch, candidate: null, now + 1800, default).DefaultTimeout();
        var metrics = await MetricsAsync();
        if (withRule)
        {
            Assert.Equal(Evidence, kept);
            Assert.NotNull(salt);
            Assert.Contains("spamguard_store_evicted_keys_total 0\n", metrics, StringComparison.Ordinal);
            Assert.Equal(ushort.MaxValue, (await store.ReadAsync([Key(SubjectKind.Network, "flood")], default))[0].Today);
        }
        else
        {
            Assert.InRange(kept, 0, Evidence / 2);
            Assert.Null(salt);
            Assert.DoesNotContain("spamguard_store_evicted_keys_total 0\n", metrics, StringComparison.Ordinal);
            Assert.Contains(_logs.Logs, log => log.Event.Id == EventIds.StoreEvicts);
        }
    }

    private Task LookAsync() => _services!.GetServices<IHostedService>().OfType<StoreMemoryService>().Single().LookAsync().DefaultTimeout();

    private async Task<EventReply> ObserveAsync(SubjectItem[] items) => Assert.Single(await Store.ObserveAsync([new ObservedEvent(items, null)], default).DefaultTimeout());

    private async Task<long> NowAsync() => await Store.TimeAsync(default).DefaultTimeout() / 1000;

    private async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private Task<RedisResult> LimitAsync(long bytes) => redis.Admin.ExecuteAsync("CONFIG", "SET", "maxmemory", bytes).DefaultTimeout();

    // What the admin writes lives longest, so it is the last to be thrown out.
    private async Task FillAsync(double share)
    {
        while (await UsedAsync() < share * _limit)
        {
            var key = $"sg:n:filler{_filler.Count}";
            await redis.Admin.StringSetAsync(key, new byte[Chunk], TimeSpan.FromDays(30)).DefaultTimeout();
            _filler.Push(key);
        }
    }

    private async Task EmptyAsync(double share)
    {
        while (await UsedAsync() > share * _limit)
        {
            await redis.Admin.KeyDeleteAsync(_filler.Pop()).DefaultTimeout();
        }
    }

    private async Task<long> UsedAsync()
    {
        var master = redis.AdminConnection.GetServers()[0];
        return StoreMemoryReading.Of(await master.InfoRawAsync("memory").DefaultTimeout(), stats: null)!.Used;
    }
}
