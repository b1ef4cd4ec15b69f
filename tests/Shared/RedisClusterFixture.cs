using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace SpamGuard.Testing;

/// <summary>
/// Three masters on loopback with the users and settings of a deployment, each a redis-server process of this machine.
/// Scorer, desk and auditor may also ask for the topology, as they must in a cluster.
/// </summary>
public class RedisClusterFixture : IAsyncLifetime
{
    public const int Masters = 3;
    private const int BusOffset = 10_000;
    private const string TopologyCommands = " +cluster|nodes +cluster|slots +readonly +asking";

    /// <summary>Replicas of each master.</summary>
    protected virtual int ReplicasOfAMaster => 0;

    private readonly List<RedisProcess> _nodes = [];
    private DirectoryInfo? _folder;
    private ConnectionMultiplexer? _admin;

    public IReadOnlyList<string> Endpoints { get; private set; } = [];

    /// <summary>All commands, for the tests' own inspection.</summary>
    public ConnectionMultiplexer AdminConnection => _admin ?? throw new InvalidOperationException("The fixture is not started.");

    public string ConnectionString(RedisAccount account) => RedisSettings.ConnectionString(string.Join(',', Endpoints), account);

    /// <summary>A connection of that user; the caller disposes it.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(RedisAccount account, CommandMap? commands = null)
    {
        var options = RedisSettings.Connect(string.Join(',', Endpoints), account);
        options.CommandMap = commands ?? CommandMap.Default;
        return await ConnectionMultiplexer.ConnectAsync(options).DefaultTimeout();
    }

    /// <summary>Freezes one master; the others call it failed after two seconds.</summary>
    public void PauseNode(int index) => _nodes[index].Pause();

    public void ResumeNode(int index) => _nodes[index].Resume();

    /// <summary>Removes every key of every master.</summary>
    public async Task FlushAsync()
    {
        foreach (var server in AdminConnection.GetServers().Where(static server => !server.IsReplica))
        {
            try
            {
                await server.ExecuteAsync("FLUSHALL").DefaultTimeout();
            }
            catch (RedisServerException e) when (e.Message.StartsWith("READONLY", StringComparison.Ordinal))
            {
                // A replica, though the driver does not know it yet: it is emptied with its master.
            }

            await server.ExecuteAsync("ACL", "LOG", "RESET").DefaultTimeout();
        }
    }

    public async Task InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("spamguard-cluster-");
        var aclFile = Path.Combine(_folder.FullName, "users.acl");
        await File.WriteAllLinesAsync(
            aclFile, File.ReadLines(RedisSettings.AclFile).Select(user => MayAskForTopology(user) ? user + TopologyCommands : user));

        var ports = FreePorts.Take(Masters * (1 + ReplicasOfAMaster), BusOffset);
        foreach (var port in ports)
        {
            var home = _folder.CreateSubdirectory(port.ToString(CultureInfo.InvariantCulture));
            _nodes.Add(await RedisProcess.StartAsync(home.FullName,
            [
                .. RedisSettings.ListenOn(port),
                .. RedisSettings.Arguments(aclFile),
                "--masteruser", RedisAccount.Admin.Name, "--masterauth", RedisAccount.Admin.Password,
                "--repl-diskless-sync-delay", "0",
                "--cluster-enabled", "yes",
                "--cluster-node-timeout", "2000",
            ]));
        }

        Endpoints = [.. ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"))];
        await CommandLineAsync(["--cluster", "create", .. Endpoints, "--cluster-replicas", ReplicasOfAMaster.ToString(CultureInfo.InvariantCulture), "--cluster-yes"]).DefaultTimeout();
        foreach (var port in ports)
        {
            // A node that has not yet heard of all slots refuses keys, although the one asked first says it is well.
            await Poll.UntilAsync(async () =>
                (await CommandLineAsync(["-p", port.ToString(CultureInfo.InvariantCulture), "cluster", "info"]))
                    .Contains("cluster_state:ok", StringComparison.Ordinal)).DefaultTimeout();
        }

        _admin = await ConnectAsync(RedisAccount.Admin);
    }

    public async Task DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _folder?.Delete(recursive: true);
    }

    private static bool MayAskForTopology(string user) =>
        new[] { "scorer", "desk", "auditor" }.Any(name => user.StartsWith($"user {name} ", StringComparison.Ordinal));

    private static async Task<string> CommandLineAsync(IEnumerable<string> arguments)
    {
        var admin = RedisAccount.Admin;
        var start = new ProcessStartInfo(
            RedisProcess.Executable("redis-cli"), ["--user", admin.Name, "--pass", admin.Password, "--no-auth-warning", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("redis-cli did not start.");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"redis-cli failed:\n{output}\n{await error}");
    }
}
