using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SpamGuard.Promise.Sabotages;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.Promise.World;

/// <summary>A redis-server of this machine with the settings and accounts of a deployment, on a free port of 127.0.0.1 that speaks TLS only.</summary>
internal sealed class TlsRedis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20); // walks share the cores

    private readonly TestAuthority _authority;
    private readonly int _port;
    private RedisProcess? _process;
    private ConnectionMultiplexer? _admin;

    private TlsRedis(TestAuthority authority, TestCertificate client, string folder)
    {
        _authority = authority;
        Folder = folder;
        _port = FreePorts.TakeOne();
        Client = client;
    }

    /// <summary>Its working folder: whatever it wrote would be there.</summary>
    public string Folder { get; }

    /// <summary>host:port.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>The certificate that its clients show.</summary>
    public TestCertificate Client { get; }

    /// <summary>The authority that its certificate is from.</summary>
    public string CaPath => _authority.CaPath;

    /// <summary>As the user that may do anything: what nobody in a deployment is.</summary>
    public IDatabase Admin => (_admin ?? throw new InvalidOperationException("Redis is not started.")).GetDatabase();

    /// <summary>Starts it.</summary>
    /// <param name="authority">Whom it has its certificate from, and its clients theirs.</param>
    /// <param name="folder">Where its folder and the file of its users are made.</param>
    /// <param name="name">The name of both, and of its certificate.</param>
    /// <param name="broken">What is broken.</param>
    public static async Task<TlsRedis> StartAsync(TestAuthority authority, string folder, string name, SabotageSet broken)
    {
        var redis = new TlsRedis(authority, authority.Client(["redis-client"]), Directory.CreateDirectory(Path.Combine(folder, name)).FullName);
        try
        {
            var users = Path.Combine(folder, $"{name}.acl");
            await File.WriteAllLinesAsync(users, RedisUsers.Text(RedisUsers.Standalone).Split('\n').Select(broken.Granted));
            var certificate = authority.Server(name);
            redis._process = await RedisProcess.StartAsync(redis.Folder,
            [
                .. RedisSettings.ListenOn(broken.PlaintextPort ? FreePorts.TakeOne() : 0),
                "--tls-port", redis._port.ToString(CultureInfo.InvariantCulture),
                "--tls-cert-file", certificate.CertificatePath,
                "--tls-key-file", certificate.KeyPath,
                "--tls-ca-cert-file", authority.CaPath,
                "--tls-auth-clients", "yes",
                "--enable-debug-command", "local", // for the admin of the walk, who keeps Redis from freeing what has expired
                .. RedisSettings.Arguments(users),
                .. broken.Redis,
            ]);
            redis._admin = await redis.ConnectAsync(RedisAccount.Admin);
            return redis;
        }
        catch (Exception e)
        {
            await redis.DisposeAsync();
            throw e is InvalidOperationException or RedisException ? new PromiseException(e.Message, e) : e;
        }
    }

    /// <summary>As an operator writes it.</summary>
    public string ConnectionString(RedisAccount account) => RedisSettings.ConnectionString(Endpoint, account);

    /// <summary>A connection that sends every command and lets Redis refuse; the caller disposes it.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(RedisAccount account)
    {
        var options = RedisSettings.Connect(Endpoint, account);
        options.ConnectTimeout = (int)Patience.TotalMilliseconds;
        options.Ssl = true;
        options.TrustIssuer(CaPath);
        options.SetUserPemCertificate(Client.CertificatePath, Client.KeyPath);
        return await ConnectionMultiplexer.ConnectAsync(options).DefaultTimeout();
    }

    /// <summary>How a client speaks to it that uses no driver.</summary>
    /// <param name="certificate">The client's certificate; <c>null</c> shows none.</param>
    public SslClientAuthenticationOptions Tls(TestCertificate? certificate)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(CaPath));
        return new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = trust,
            ClientCertificates = certificate is null ? null : [certificate.Load()],
        };
    }

    /// <summary>Lets it stand still, as a machine does that hangs.</summary>
    public void Pause() => _process?.Pause();

    /// <summary>Lets it go on.</summary>
    public void Resume() => _process?.Resume();

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
