using System.Globalization;
using StackExchange.Redis;

namespace SpamGuard.Testing;

/// <summary>A master, a replica and a sentinel on loopback, with the users and settings of a deployment.</summary>
public sealed class RedisSentinelFixture : IAsyncLifetime
{
    public const string ServiceName = "signals";

    private readonly List<RedisProcess> _processes = [];
    private readonly List<int> _ports = [];
    private DirectoryInfo? _folder;
    private int _sentinelPort;

    /// <summary>As a deployment writes it: the sentinels, and the name of what they watch.</summary>
    public string ConnectionString(RedisAccount account) =>
        RedisSettings.ConnectionString(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_sentinelPort}"), account) + $",serviceName={ServiceName}";

    /// <summary>A connection to one of the two data servers, as the admin; the caller disposes it.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync(int index) =>
        ConnectionMultiplexer.ConnectAsync(RedisSettings.Connect(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[index]}"), RedisAccount.Admin)).DefaultTimeout();

    /// <summary>Tells the sentinel to make the replica the master.</summary>
    public async Task FailOverAsync()
    {
        await using var sentinel = await ConnectionMultiplexer.ConnectAsync(
            new ConfigurationOptions { EndPoints = { { "127.0.0.1", _sentinelPort } }, CommandMap = CommandMap.Sentinel, TieBreaker = "" }).DefaultTimeout();
        var server = sentinel.GetServers()[0];
        await Poll.UntilAsync(async () =>
        {
            try
            {
                await server.SentinelFailoverAsync(ServiceName);
                return true;
            }
            catch (RedisServerException e) when (e.Message.StartsWith("NOGOODSLAVE", StringComparison.Ordinal))
            {
                return false; // the sentinel has not yet looked at the replica
            }
        }).DefaultTimeout();
    }

    public async Task InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("spamguard-sentinel-");
        var ports = FreePorts.Take(3);
        _ports.AddRange(ports.Take(2));
        _sentinelPort = ports[2];
        var admin = RedisAccount.Admin;
        for (var i = 0; i < _ports.Count; i++)
        {
            string[] follow = i == 0 ? [] : ["--replicaof", $"127.0.0.1 {_ports[0]}"];
            _processes.Add(await RedisProcess.StartAsync(_folder.CreateSubdirectory($"data-{i}").FullName,
            [
                .. RedisSettings.ListenOn(_ports[i]),
                .. RedisSettings.Arguments(RedisSettings.AclFile),
                "--masteruser", admin.Name, "--masterauth", admin.Password,
                "--repl-diskless-sync-delay", "0",
                .. follow,
            ]));
        }

        var home = _folder.CreateSubdirectory("sentinel");
        var file = Path.Combine(home.FullName, "sentinel.conf");
        await File.WriteAllLinesAsync(file,
        [
            "bind 127.0.0.1",
            $"port {_sentinelPort}",
            .. new[] { RedisAccount.Scorer, RedisAccount.Auditor }.Select(user => $"user {user.Name} on >{user.Password} -@all &* +ping +hello +auth +info +role +subscribe +client|setname +client|id +sentinel|get-master-addr-by-name +sentinel|sentinels +sentinel|replicas"),
            $"sentinel monitor {ServiceName} 127.0.0.1 {_ports[0]} 1",
            $"sentinel auth-user {ServiceName} {admin.Name}",
            $"sentinel auth-pass {ServiceName} {admin.Password}",
            $"sentinel down-after-milliseconds {ServiceName} 1000",
            $"sentinel failover-timeout {ServiceName} 5000",
        ]);
        _processes.Add(await RedisProcess.StartAsync(home.FullName, [file, "--sentinel"], "+monitor master"));
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _folder?.Delete(recursive: true);
    }
}
