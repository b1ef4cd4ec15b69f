using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SpamGuard.Desk.Audit;
using SpamGuard.Retention;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>The auditor as a process has it: its own user, its own connection.</summary>
internal sealed class AuditorUnderTest : IAsyncDisposable
{
    private readonly RedisConnection _connection;
    private readonly TimeProvider _time;
    private readonly int _keysPerSecond;

    private AuditorUnderTest(string connectionString, SignalTopology topology, TimeProvider? time, int keysPerSecond)
    {
        _time = time ?? TimeProvider.System;
        _keysPerSecond = keysPerSecond;
        _connection = new RedisConnection(
            Options.Create(new SignalStoreOptions { Topology = topology, ConnectionString = connectionString }),
            NullLogger<RedisConnection>.Instance,
            AuditOptions.DriverTimeoutMilliseconds,
            asksForSettings: true);
        Store = new AuditedStore(_connection);
    }

    public AuditedStore Store { get; }

    public static async Task<AuditorUnderTest> OpenAsync(
        string connectionString, SignalTopology topology = SignalTopology.Standalone, TimeProvider? time = null, int keysPerSecond = AuditOptions.MostKeysPerSecond)
    {
        var auditor = new AuditorUnderTest(connectionString, topology, time, keysPerSecond);
        await auditor._connection.StartAsync(CancellationToken.None).DefaultTimeout();
        return auditor;
    }

    public Task<AuditReport> RunAsync(bool dryRun = false, EpochCalendar? calendar = null) =>
        new RetentionAuditor(Store, _keysPerSecond, _time, calendar ?? new EpochCalendar()).RunAsync(dryRun, CancellationToken.None);

    /// <summary>A pass of its own, to judge single keys by.</summary>
    public AuditPass Pass(bool dryRun = false) => new(Store, new Pace(_keysPerSecond, _time), _time, new EpochCalendar(), dryRun);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
