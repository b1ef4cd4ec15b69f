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

    /// <summary>The two data servers, the first of which begins as the master.</summary>
    public IReadOnlyList<string> Endpoints => [.. _ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"))];

    /// <summary>As a deployment writes it: the sentinels, and the name of what they watch.</summary>
    public string ConnectionString(RedisAccount account) =>
        RedisSettings.ConnectionString(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_sentinelPort}"), account) + $",serviceName={ServiceName}";

    /// <summary>A connection to one of the two data servers, as the admin; the caller disposes it.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync(int index) =>
        ConnectionMultiplexer.ConnectAsync(RedisSettings.Connect(Endpoints[index], RedisAccount.Admin)).DefaultTimeout();

    /// <summary>What the sentinel refused its users: an entry each.</summary>
    public async Task<IReadOnlyList<string>> RefusedBySentinelAsync()
    {
        await using var sentinel = await ConnectToSentinelAsync();
        return [.. ((RedisResult[])(await sentinel.GetServers()[0].ExecuteAsync("ACL", "LOG").DefaultTimeout())!).Select(static entry => $"{entry[5]} {entry[7]}")];
    }

    /// <summary>Freezes the data server that begins as the replica.</summary>
    public void PauseReplica() => _processes[1].Pause();

    public void ResumeReplica() => _processes[1].Resume();

    /// <summary>Tells the sentinel to make the replica the master.</summary>
    public async Task FailOverAsync()
    {
        await using var sentinel = await ConnectToSentinelAsync();
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

    private Task<ConnectionMultiplexer> ConnectToSentinelAsync() => ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
    {
        EndPoints = { { "127.0.0.1", _sentinelPort } },
        CommandMap = CommandMap.Create(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "CONFIG", "CLUSTER", "ECHO", "TIME", "SUBSCRIBE" }, available: false),
        TieBreaker = "",
        AllowAdmin = true,
        User = RedisAccount.Admin.Name,
        Password = RedisAccount.Admin.Password,
    }).DefaultTimeout();

    public async Task InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("spamguard-sentinel-");
        var ports = FreePorts.Take(3);
        _ports.AddRange(ports.Take(2));
        _sentinelPort = ports[2];
        var aclFile = RedisUsers.Write(RedisUsers.Sentinel, _folder);
        for (var i = 0; i < _ports.Count; i++)
        {
            string[] follow = i == 0 ? [] : ["--replicaof", $"127.0.0.1 {_ports[0]}"];
            _processes.Add(await RedisProcess.StartAsync(_folder.CreateSubdirectory($"data-{i}").FullName,
            [
                .. RedisSettings.ListenOn(_ports[i]),
                .. RedisSettings.Arguments(aclFile),
                "--masteruser", RedisAccount.Replica.Name, "--masterauth", RedisAccount.Replica.Password,
                "--repl-diskless-sync-delay", "0",
                .. follow,
            ]));
        }

        var home = _folder.CreateSubdirectory("sentinel");
        var file = Path.Combine(home.FullName, "sentinel.conf");
        var watcher = RedisAccount.Sentinel;
        await File.WriteAllLinesAsync(file,
        [
            "bind 127.0.0.1",
            $"port {_sentinelPort}",
            $"aclfile {RedisUsers.Write(RedisUsers.Sentinels, home)}",
            $"sentinel sentinel-user {watcher.Name}",
            $"sentinel sentinel-pass {watcher.Password}",
            $"sentinel monitor {ServiceName} 127.0.0.1 {_ports[0]} 1",
            $"sentinel auth-user {ServiceName} {watcher.Name}",
            $"sentinel auth-pass {ServiceName} {watcher.Password}",
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
