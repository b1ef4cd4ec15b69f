using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Net.Client;
using k8s.Models;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>
/// Starts what an overlay deploys as processes of this machine: with the environment, the ConfigMaps, the Secrets, the certificates and the Redis that
/// stand there. Other than there are the ports, the budget (two cores that are busy with other tests) and where names lead to.
/// </summary>
internal sealed class ClusterOnThisMachine(Overlay overlay) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly CertManager _certificates = new(overlay);
    private readonly Dictionary<string, IReadOnlyDictionary<string, byte[]>> _secrets = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _redisFolder = Directory.CreateTempSubdirectory("spamguard-redis-");
    private readonly int _redisPort = FreePorts.TakeOne();
    private readonly List<IDisposable> _files = [];
    private readonly List<ServerProgram> _programs = [];
    private RedisProcess? _redis;
    private string _redisName = "";

    /// <summary>Puts a Secret there, as a person or a store of secrets does.</summary>
    public void AddSecret(string name, IReadOnlyDictionary<string, byte[]> files) => _secrets.Add(name, files);

    /// <summary>Starts the Redis of the overlay, by its own file of settings.</summary>
    public async Task StartRedisAsync(Workload redis)
    {
        var files = new PodFiles(overlay, redis, SecretOf);
        _files.Add(files);
        _redisName = redis.Name;
        Assert.Equal("redis-server", redis.Container.Command[0]);
        var settings = Path.Combine(_redisFolder.FullName, "redis.conf");
        await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(files.PathOf(redis.Container.Command[1]))).Replace(" /etc/", $" {files.PathOf("/etc/")}", StringComparison.Ordinal));
        _redis = await RedisProcess.StartAsync(_redisFolder.FullName, [settings, "--bind", "127.0.0.1", "--tls-port", Text(_redisPort)]);
    }

    /// <summary>Starts a Redis beside the cluster: with the settings of the page, the users of a file, and a certificate of an authority of the overlay.</summary>
    public async Task StartRedisAsync(string name, string users, string authority)
    {
        _redisName = name;
        var server = _certificates.Server(authority, name);
        _redis = await RedisProcess.StartAsync(_redisFolder.FullName,
        [
            "--bind", "127.0.0.1", "--port", "0", "--tls-port", Text(_redisPort), "--tls-auth-clients", "yes",
            "--tls-cert-file", server.CertificatePath, "--tls-key-file", server.KeyPath, "--tls-ca-cert-file", _certificates.CaPath(authority),
            .. RedisSettings.Arguments(users),
        ]);
    }

    /// <summary>Starts one process of a workload and returns it when its probes say so.</summary>
    public async Task<RunningPod> StartAsync(Workload workload)
    {
        var files = new PodFiles(overlay, workload, SecretOf);
        _files.Add(files);
        var environment = overlay.EnvironmentOf(workload);
        var ports = workload.Container.Ports.ToDictionary(static port => port.Name, static _ => FreePorts.TakeOne(), StringComparer.Ordinal);
        var program = new ServerProgram("Production",
        [
            .. files.Map(environment),
            new("Listeners__Address", "127.0.0.1"),
            new("Signals__Budget", "00:00:00.200"),
            .. ports.Select(static port => KeyValuePair.Create($"Listeners__{Enum.Parse<Listener>(port.Key, ignoreCase: true)}__Port", (string?)Text(port.Value))),
        ]);
        _programs.Add(program);
        program.Start();
        var pod = new RunningPod(program, ports, files);
        try
        {
            await Poll.UntilAsync(async () =>
            {
                Assert.True(program.ExitCode is null, $"{workload} ended with code {program.ExitCode}:\n{program.Output}");
                return await pod.AnswersAsync(workload.Container.StartupProbe) && await pod.AnswersAsync(workload.Container.ReadinessProbe)
                    && await pod.AnswersAsync(workload.Container.LivenessProbe);
            }).TimeoutAfter(StartLimit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{workload} is not what its probes look for:\n{program.Output}");
        }

        return pod;
    }

    /// <summary>A caller with the certificate of a Secret (none: without), who looks for a host by its name in the cluster.</summary>
    public GrpcChannel Channel(RunningPod pod, string host, TestCertificate? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, pod.Ports["grpc"], cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new()
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(_certificates.CaPath("spamguard-tls"));
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate.Load()];
        }

        var channel = GrpcChannel.ForAddress($"https://{host}:5080", new() { HttpHandler = handler, DisposeHttpClient = true });
        _files.Add(channel);
        return channel;
    }

    /// <summary>The certificate of a Secret that cert-manager makes.</summary>
    public TestCertificate Certificate(string secret) => _certificates.Certificate(secret);

    /// <summary>A certificate of the authority of callers, for a name.</summary>
    public TestCertificate Caller(string name) => _certificates.Client("spamguard-callers-ca", name);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _files.ForEach(static one => one.Dispose());
        _certificates.Dispose();
        _redisFolder.Delete(recursive: true);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    // A connection string leads to this machine, and goes on asking for a certificate of the name that stands there.
    private Dictionary<string, byte[]> SecretOf(string name) =>
        (_secrets.GetValueOrDefault(name) ?? _certificates.Secret(name) ?? overlay.All<V1Secret>().Single(secret => secret.Metadata.Name == name).Data.ToDictionary(StringComparer.Ordinal))
            .ToDictionary(
                static file => file.Key,
                file => file.Key.StartsWith("ConnectionStrings__", StringComparison.Ordinal)
                    ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(file.Value).Replace($"{_redisName}:6379,", $"127.0.0.1:{Text(_redisPort)},sslHost={_redisName},", StringComparison.Ordinal))
                    : file.Value,
                StringComparer.Ordinal);
}
