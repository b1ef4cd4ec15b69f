using System.Globalization;
using StackExchange.Redis;

namespace SpamGuard.Testing;

/// <summary>
/// A real Redis with the users and settings of a deployment that speaks nothing but mutual TLS. A redis-server process of this machine, as cluster
/// and sentinels are, and never a container: server and tests share the files of the certificates, whose paths and owners differ in a container.
/// </summary>
public sealed class RedisTlsFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-tls-");
    private readonly int _port = FreePorts.TakeOne();
    private string[] _arguments = [];
    private RedisProcess? _process;
    private ConnectionMultiplexer? _admin;

    public RedisTlsFixture() => Client = Authority.Client(["spamguard"], "client");

    /// <summary>Who signs the server's certificate and those of clients that it lets in.</summary>
    public TestAuthority Authority { get; } = new();

    /// <summary>A certificate that the server lets in.</summary>
    public TestCertificate Client { get; }

    /// <summary>host:port; the certificate is for this host.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>All commands, for the tests' own inspection.</summary>
    public ConnectionMultiplexer AdminConnection => _admin ?? throw new InvalidOperationException("The fixture is not started.");

    public IDatabase Admin => AdminConnection.GetDatabase();

    /// <summary>As an operator writes it; that it is TLS is said by <see cref="Settings"/>.</summary>
    public string ConnectionString(RedisAccount account) => RedisSettings.ConnectionString(Endpoint, account);

    /// <summary>The settings of a server or a tool that connects to it, but for the connection strings.</summary>
    public IReadOnlyDictionary<string, string?> Settings() => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Signals:Tls:CaPath"] = Authority.CaPath,
        ["Signals:Tls:CertificatePath"] = Client.CertificatePath,
        ["Signals:Tls:KeyPath"] = Client.KeyPath,
    };

    public async Task InitializeAsync()
    {
        _arguments = [.. RedisSettings.ListenOnTls(_port, Authority), .. RedisSettings.Arguments(RedisUsers.Write(RedisUsers.Standalone, _folder))];
        _process = await RedisProcess.StartAsync(_folder.FullName, _arguments);
        _admin = await ConnectionMultiplexer.ConnectAsync(RedisSettings.ConnectTls(Endpoint, RedisAccount.Admin, Authority, Client)).DefaultTimeout();
    }

    /// <summary>Ends it and starts it again, empty, with the files that it was started with, as they are now.</summary>
    public async Task RestartAsync()
    {
        await _process!.DisposeAsync();
        _process = await RedisProcess.StartAsync(_folder.FullName, _arguments);
        await RedisFixture.ReconnectedAsync(Admin).DefaultTimeout();
    }

    /// <summary>Removes every key, and forgets what the ACL log holds.</summary>
    public async Task FlushAsync()
    {
        await Admin.ExecuteAsync("FLUSHALL").DefaultTimeout();
        await Admin.ExecuteAsync("ACL", "LOG", "RESET").DefaultTimeout();
    }

    public async Task DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
