using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The store as the service registers it, while its Redis is away.</summary>
public sealed class StoreFaultTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private const int Calls = 60;

    private static readonly StoreFailure[] Outage = [StoreFailure.Timeout, StoreFailure.Unavailable, StoreFailure.CircuitOpen];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private ServiceProvider? _services;

    private ISignalStore Store => _services!.GetRequiredService<ISignalStore>();

    public async Task InitializeAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Signals"] = redis.ConnectionString(RedisAccount.Scorer),
            ["Signals:Topology"] = "standalone",
            ["Signals:Budget"] = "00:00:00.015",
        }).Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(_registry))
            .AddRedisSignalStore(configuration)
            .BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(default).DefaultTimeout();
        }

        await RecoveredAsync();
    }

    public async Task DisposeAsync() => await _services!.DisposeAsync();

    [Fact]
    public async Task RedisStopped_EveryCallFailsAtOnceUntilItIsBack()
    {
        await redis.StopAsync();
        var failures = new HashSet<StoreFailure>();
        for (var i = 0; i < Calls; i++)
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => ObserveAsync($"stopped {i}").DefaultTimeout());
            failures.Add(failure.Failure);
            AssertNamesNothing(failure);
        }

        await redis.StartAsync();
        await RecoveredAsync();

        Assert.Subset(Outage.ToHashSet(), failures);
        Assert.Contains(StoreFailure.CircuitOpen, failures);
        Assert.Equal(ReplyStatus.Counted, (await UntilCountedAsync("back")).Status);
    }

    [Fact]
    public async Task RedisHangs_CallsEndWithinTheirBudgetAndNothingNamesAKey()
    {
        var unobserved = new ConcurrentQueue<string>();
        EventHandler<UnobservedTaskExceptionEventArgs> note = (_, e) => unobserved.Enqueue(e.Exception.ToString());
        TaskScheduler.UnobservedTaskException += note;
        try
        {
            await redis.PauseAsync();
            var failures = await Task.WhenAll(Enumerable.Range(0, Calls).Select(async i =>
                await Assert.ThrowsAsync<StoreException>(() => ObserveAsync($"hung {i}").DefaultTimeout())));

            // The driver gives the commands up later, when nobody waits for them any more.
            await redis.StopAsync();
            await redis.StartAsync();
            await RecoveredAsync();
            Collect();

            Assert.All(failures, failure => Assert.Contains(failure.Failure, Outage));
            Assert.Contains(failures, failure => failure.Failure == StoreFailure.Timeout);
            Assert.All(failures, AssertNamesNothing);
            Assert.DoesNotContain(unobserved, text => text.Contains(Keys.Prefix, StringComparison.Ordinal));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= note;
        }
    }

    [Fact]
    public async Task CallerLeaves_OthersAreNotHarmed()
    {
        using var leave = new CancellationTokenSource();
        await leave.CancelAsync();
        var observed = new ObservedEvent([Item(now: 0, SubjectKind.Address, "leaver")], null); // never sent

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ObserveAsync([observed], leave.Token).DefaultTimeout());

        Assert.Equal(ReplyStatus.Counted, (await UntilCountedAsync("stayer")).Status);
    }

    [Fact]
    public async Task WrongPassword_IsToldOnceAndIsARefusal()
    {
        var logs = new LogCapture();
        using var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddCapture(logs));
        var options = new SignalStoreOptions { ConnectionString = redis.ConnectionString(RedisAccount.Scorer).Replace("password=", "password=not-", StringComparison.Ordinal) };
        await using var connection = new RedisConnection(Options.Create(options), logging.CreateLogger<RedisConnection>());
        await connection.StartAsync(default).DefaultTimeout();
        var store = new RedisSignalStore(connection, Scripts.InService);

        for (var i = 0; i < 3; i++)
        {
            await Poll.UntilAsync(async () => await FailureAsync(store) == StoreFailure.Refused).DefaultTimeout();
        }

        Assert.Single(logs.Logs, log => log.Text.Contains("refuses this account or its password", StringComparison.Ordinal));
        Assert.DoesNotContain("not-", logs.AllText, StringComparison.Ordinal);
    }

    private static async Task<StoreFailure> FailureAsync(RedisSignalStore store) =>
        (await Assert.ThrowsAsync<StoreException>(async () => await store.TimeAsync(default))).Failure;

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void AssertNamesNothing(StoreException failure)
    {
        Assert.Null(failure.InnerException);
        Assert.Empty(failure.Data);
        Assert.DoesNotContain(Keys.Prefix, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("password", failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private async Task<EventReply> ObserveAsync(string name) =>
        Assert.Single(await Store.ObserveAsync([new ObservedEvent(Three(1_900_000_000, name), null)], default));

    private async Task<EventReply> UntilCountedAsync(string name)
    {
        var now = await NowAsync();
        EventReply? reply = null;
        await Poll.UntilAsync(async () =>
        {
            try
            {
                reply = Assert.Single(await Store.ObserveAsync([new ObservedEvent(Three(now, name), null)], default));
                return true;
            }
            catch (StoreException e) when (Outage.Contains(e.Failure))
            {
                return false;
            }
        }).DefaultTimeout();
        return reply!;
    }

    // By the admin, who has no budget to miss.
    private async Task<long> NowAsync() => (long)(await redis.Admin.ExecuteAsync("TIME").DefaultTimeout())[0];

    private Task RecoveredAsync() => Poll.UntilAsync(async () =>
    {
        try
        {
            await Store.TimeAsync(default);
            return true;
        }
        catch (StoreException e) when (Outage.Contains(e.Failure))
        {
            return false;
        }
    }).DefaultTimeout();
}
