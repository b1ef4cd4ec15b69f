using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The product's store over some server, and the tests' own way to look into that server.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    // A machine that also runs other tests may keep a server from its core for seconds; there is no budget here to keep.
    private const int DriverTimeoutMilliseconds = 20_000;

    private readonly RedisConnection _connection;
    private readonly ConnectionMultiplexer? _ownedAdmin;

    private StoreUnderTest(RedisConnection connection, ConnectionMultiplexer admin, bool ownsAdmin)
    {
        _connection = connection;
        _ownedAdmin = ownsAdmin ? admin : null;
        AdminConnection = admin;
        Store = new RedisSignalStore(connection, Scripts.InService);
        Subjects = new RedisSubjectStore(connection, Scripts.InService);
        Overrides = new RedisOverrideStore(connection, Scripts.InService);
    }

    public RedisSignalStore Store { get; }

    public RedisSubjectStore Subjects { get; }

    public RedisOverrideStore Overrides { get; }

    public ConnectionMultiplexer AdminConnection { get; }

    public IDatabase Admin => AdminConnection.GetDatabase();

    /// <param name="connectionString">Of the account under test.</param>
    /// <param name="topology">How the server is deployed.</param>
    /// <param name="admin">A connection that may do everything, or none: then one is made with the same connection string.</param>
    public static async Task<StoreUnderTest> OpenAsync(string connectionString, SignalTopology topology, ConnectionMultiplexer? admin)
    {
        var connection = new RedisConnection(Options.Create(new SignalStoreOptions { ConnectionString = connectionString, Topology = topology }), NullLogger<RedisConnection>.Instance, DriverTimeoutMilliseconds);
        await connection.StartAsync(CancellationToken.None).DefaultTimeout();
        return new StoreUnderTest(
            connection,
            admin ?? await ConnectionMultiplexer.ConnectAsync(connectionString + ",allowAdmin=true,tiebreaker=,configChannel=").DefaultTimeout(),
            ownsAdmin: admin is null);
    }

    /// <summary>The same store with its clock held at a second: the one line that reads the time is replaced.</summary>
    public RedisSignalStore At(long now)
    {
        var held = $"local time = {{'{now}', '0'}}";
        return new RedisSignalStore(
            _connection,
            new Scripts(
                Scripts.InService.Observe.With(Scripts.ClockLine, held),
                Scripts.InService.Report.With(Scripts.ClockLine, held),
                Scripts.InService.Epoch.With(Scripts.ClockLine, held),
                Scripts.InService.Add.With(Scripts.ClockLine, held),
                Scripts.InService.Erase.With(Scripts.ClockLine, held),
                Scripts.InService.Override.With(Scripts.ClockLine, held),
                Scripts.InService.OverrideIds.With(Scripts.ClockLine, held)));
    }

    /// <summary>Every key with its time to live in milliseconds; -1 for a key without one.</summary>
    public async Task<IReadOnlyDictionary<string, long>> LivesAsync()
    {
        var lives = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var server in AdminConnection.GetServers())
        {
            await foreach (var key in server.KeysAsync())
            {
                lives[key.ToString()] = (long)await Admin.ExecuteAsync("PTTL", key);
            }
        }

        return lives;
    }

    public async Task FlushAsync()
    {
        foreach (var server in AdminConnection.GetServers())
        {
            await server.ExecuteAsync("FLUSHALL").DefaultTimeout();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (_ownedAdmin is not null)
        {
            await _ownedAdmin.DisposeAsync();
        }
    }
}
