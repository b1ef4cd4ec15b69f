using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace SpamGuard.Testing;

/// <summary>
/// Three masters on loopback (and replicas where a derived class says so) with the users and settings of a deployment, each a redis-server process of this machine.
/// </summary>
public class RedisClusterFixture : IAsyncLifetime
{
    public const int Masters = 3;
    private const int BusOffset = 10_000;

    private readonly TestAuthority? _authority;
    private readonly TestCertificate? _client;
    private readonly List<RedisProcess> _nodes = [];
    private DirectoryInfo? _folder;
    private ConnectionMultiplexer? _admin;

    public RedisClusterFixture()
    {
    }

    private protected RedisClusterFixture(TestAuthority authority, TestCertificate client) => (_authority, _client) = (authority, client);

    public IReadOnlyList<string> Endpoints { get; private set; } = [];

    /// <summary>How many replicas each master has.</summary>
    protected virtual int ReplicasOfEach => 0;

    /// <summary>All commands, for the tests' own inspection.</summary>
    public ConnectionMultiplexer AdminConnection => _admin ?? throw new InvalidOperationException("The fixture is not started.");

    public string ConnectionString(RedisAccount account) => RedisSettings.ConnectionString(string.Join(',', Endpoints), account);

    /// <summary>A connection of that user; the caller disposes it.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(RedisAccount account, CommandMap? commands = null)
    {
        var endpoints = string.Join(',', Endpoints);
        var options = _authority is null ? RedisSettings.Connect(endpoints, account) : RedisSettings.ConnectTls(endpoints, account, _authority, _client!);
        options.CommandMap = commands ?? CommandMap.Default;
        return await ConnectionMultiplexer.ConnectAsync(options).DefaultTimeout();
    }

    /// <summary>Freezes one master; the others call it failed after two seconds.</summary>
    public void PauseNode(int index) => _nodes[index].Pause();

    public void ResumeNode(int index) => _nodes[index].Resume();

    /// <summary>Removes every key of every master.</summary>
    public async Task FlushAsync()
    {
        foreach (var server in AdminConnection.GetServers())
        {
            await server.ExecuteAsync("FLUSHALL").DefaultTimeout();
            await server.ExecuteAsync("ACL", "LOG", "RESET").DefaultTimeout();
        }
    }

    public async Task InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("spamguard-cluster-");
        var aclFile = RedisUsers.Write(RedisUsers.Cluster, _folder);
        var ports = FreePorts.Take(Masters * (1 + ReplicasOfEach), BusOffset);
        foreach (var port in ports)
        {
            var home = _folder.CreateSubdirectory(port.ToString(CultureInfo.InvariantCulture));
            _nodes.Add(await RedisProcess.StartAsync(home.FullName,
            [
                .. _authority is null ? RedisSettings.ListenOn(port) : [.. RedisSettings.ListenOnTls(port, _authority), "--tls-cluster", "yes", "--tls-replication", "yes"],
                .. RedisSettings.Arguments(aclFile),
                "--cluster-enabled", "yes",
                "--cluster-node-timeout", "2000",
                "--masteruser", RedisAccount.Admin.Name, "--masterauth", RedisAccount.Admin.Password,
                "--repl-diskless-sync-delay", "0",
            ]));
        }

        Endpoints = [.. ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"))];
        await CommandLineAsync(["--cluster", "create", .. Endpoints, "--cluster-replicas", ReplicasOfEach.ToString(CultureInfo.InvariantCulture), "--cluster-yes"]).DefaultTimeout();
        foreach (var port in ports)
        {
            // A node that has not yet heard of all slots refuses keys, although the one asked first says it is well.
            await Poll.UntilAsync(async () =>
                (await CommandLineAsync(["-p", port.ToString(CultureInfo.InvariantCulture), "cluster", "info"]))
                    .Contains("cluster_state:ok", StringComparison.Ordinal)).DefaultTimeout();
        }

        _admin = await ConnectAsync(RedisAccount.Admin);
    }

    public virtual async Task DisposeAsync()
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

    private async Task<string> CommandLineAsync(IEnumerable<string> arguments)
    {
        var admin = RedisAccount.Admin;
        string[] tls = _authority is null ? [] : ["--tls", "--cacert", _authority.CaPath, "--cert", _client!.CertificatePath, "--key", _client.KeyPath];
        var start = new ProcessStartInfo(
            RedisProcess.Executable("redis-cli"), [.. tls, "--user", admin.Name, "--pass", admin.Password, "--no-auth-warning", .. arguments])
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
