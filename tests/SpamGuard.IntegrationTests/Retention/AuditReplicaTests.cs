using System.Globalization;
using SpamGuard.Desk.Audit;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>A master and its replica: a replica that has lost its master frees nothing, and is never clean.</summary>
public sealed class AuditReplicaTests : IAsyncLifetime
{
    private const int Keys = 500;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-replica-");
    private readonly IReadOnlyList<int> _ports = FreePorts.Take(3); // nobody listens on the last
    private readonly List<RedisProcess> _processes = [];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            string[] follow = i == 0 ? [] : ["--replicaof", $"127.0.0.1 {_ports[0]}"];
            _processes.Add(await RedisProcess.StartAsync(_folder.CreateSubdirectory($"data-{i}").FullName,
            [
                .. RedisSettings.ListenOn(_ports[i]),
                .. RedisSettings.Arguments(RedisUsers.Write(RedisUsers.Sentinel, _folder)),
                "--masteruser", RedisAccount.Replica.Name, "--masterauth", RedisAccount.Replica.Password,
                "--repl-diskless-sync-delay", "0",
                .. follow,
            ]));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Pass_ReplicaWithoutItsMaster_IsAViolationAndCountsWhatExpiredThere()
    {
        await using var auditor = await AuditorUnderTest.OpenAsync(RedisSettings.ConnectionString($"{Endpoint(0)},{Endpoint(1)}", RedisAccount.Auditor));
        await using var master = await AdminAsync(0);
        await using var replica = await AdminAsync(1);
        AuditReport report = null!;
        await Poll.UntilAsync(async () => (report = await auditor.RunAsync()).Outcome == AuditOutcome.Clean).DefaultTimeout();
        Assert.Equal([true, false], report.Visits.Select(static visit => visit.IsMaster));

        await KeyPlanter.PlantAsync(master.GetDatabase(), "sg:a:{k", Keys, TimeSpan.FromSeconds(4));
        await Poll.UntilAsync(async () => (long)await replica.GetServers()[0].ExecuteAsync("DBSIZE") == Keys).DefaultTimeout();
        await replica.GetServers()[0].ExecuteAsync("REPLICAOF", "127.0.0.1", _ports[2]).DefaultTimeout();
        await Poll.UntilAsync(async () => (report = await auditor.RunAsync()).Visits.Any(static visit => visit is { IsMaster: false, Keys: 0 })).DefaultTimeout();

        Assert.True(report.IsComplete);
        Assert.Equal(AuditOutcome.Violation, report.Outcome);
        Assert.Equal(Keys, report.Visits.Single(static visit => visit.IsMaster == false).Expired);
        var wrong = Assert.Single(report.Settings, static finding => finding.State != SettingState.Ok);
        Assert.Equal((StoreSettings.Replication, SettingState.Wrong), (wrong.Setting, wrong.State));
        Assert.Equal(["down"], wrong.Found);
    }

    private string Endpoint(int index) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[index]}");

    private Task<ConnectionMultiplexer> AdminAsync(int index) =>
        ConnectionMultiplexer.ConnectAsync(RedisSettings.Connect(Endpoint(index), RedisAccount.Admin)).DefaultTimeout();
}
