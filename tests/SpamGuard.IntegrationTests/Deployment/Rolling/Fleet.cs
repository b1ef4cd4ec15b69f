using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using SpamGuard.Epochs;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Rolling;

/// <summary>Scoring processes in production behind one haproxy, on one Redis, with the same files mounted into each.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    /// <summary>Who calls.</summary>
    public const string Identity = "spiffe://example.org/tests";
    /// <summary>The pepper that is mounted from the start.</summary>
    public const string FirstPepper = "a.pepper";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly RedisFixture _redis;
    private readonly string _environment;
    private readonly (string Name, string Value)[] _variables;
    private readonly Place[] _places;
    private readonly HttpClient _http = new();
    private readonly Haproxy _haproxy;
    private readonly DirectoryInfo _peppers = Directory.CreateTempSubdirectory("spamguard-peppers-");

    private Fleet(RedisFixture redis, int places, string environment, (string Name, string Value)[] variables)
    {
        (_redis, _environment, _variables) = (redis, environment, variables);
        var ports = FreePorts.Take(places * 2);
        _places = [.. ports.Chunk(2).Select(static pair => new Place(pair[0], pair[1]))];
        _haproxy = new Haproxy(_places.Select(static place => (place.Grpc, place.Health)));
        AddPepper(FirstPepper);
    }

    /// <summary>What is mounted about callers, and certificates.</summary>
    public TestCallers Mounted { get; } = new($"callers: {{tests: {{identities: [{Identity}], roles: [scorer, reporter, operator]}}}}\n");

    /// <summary>The policy that is mounted.</summary>
    public PolicyFileOnDisk Policy { get; } = new("{}\n");

    /// <summary>The processes that run, by their place.</summary>
    public IReadOnlyList<int> Running => [.. Enumerable.Range(0, _places.Length).Where(place => _places[place].Program is not null)];

    /// <summary>Starts haproxy, and nothing behind it.</summary>
    /// <param name="redis">The store.</param>
    /// <param name="places">How many processes there are at once at most.</param>
    /// <param name="environment">Production, or Development for short epochs.</param>
    /// <param name="variables">Settings of every process, over the fleet's own.</param>
    public static async Task<Fleet> StartAsync(RedisFixture redis, int places, string environment = "Production", params (string Name, string Value)[] variables)
    {
        var fleet = new Fleet(redis, places, environment, variables);
        try
        {
            await fleet._haproxy.StartAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection of its own for each channel, as each caller's process has.</summary>
    /// <param name="certificate">The caller's; one more of the authority by default.</param>
    public GrpcChannel Channel(TestCertificate? certificate = null) =>
        Mounted.Channel(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_haproxy.Port}"), certificate ?? NewCertificate());

    /// <summary>A connection to one process, past haproxy.</summary>
    public GrpcChannel Direct(int index) => Mounted.Channel(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_places[index].Grpc}"), NewCertificate());

    /// <summary>A caller's certificate.</summary>
    public TestCertificate NewCertificate() => Mounted.Client(Identity);

    /// <summary>Adds a pepper to those that are mounted; the last by name is the newest.</summary>
    public void AddPepper(string name)
    {
        File.WriteAllBytes(Kept(name), RandomNumberGenerator.GetBytes(PepperRing.PepperSize));
        RestorePepper(name);
    }

    /// <summary>Takes one away, and keeps it elsewhere.</summary>
    public void RemovePepper(string name) => File.Move(Path.Combine(_peppers.FullName, name), Kept(name));

    /// <summary>Puts one back.</summary>
    public void RestorePepper(string name) => File.Move(Kept(name), Path.Combine(_peppers.FullName, name));

    /// <summary>Starts a process in a free place and waits until it is ready.</summary>
    /// <param name="folder">Where the server's files are; those of this build by default.</param>
    /// <returns>Its place.</returns>
    public async Task<int> AddAsync(string? folder = null)
    {
        var index = Array.FindIndex(_places, static place => place.Program is null);
        var place = _places[index];
        place.Program = new ServerProgram(_environment,
        [
            new("ConnectionStrings__Signals", _redis.ConnectionString(RedisAccount.Scorer)),
            new("Signals__Tls__BySidecar", "true"), // a container's Redis is on loopback on some machines, and on others not
            new("Signals__Budget", "00:00:00.200"), // the processes under test share two cores with the callers
            new("Pepper__Path", _peppers.FullName),
            new("Policy__Path", Policy.Path),
            new("Desk__Enabled", "false"),
            new("Drain__Delay", "00:00:02"),
            .. Mounted.Settings.Select(static pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value)),
            .. _variables.Select(static variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)),
            new("Listeners__Grpc__Port", place.Grpc.ToString(CultureInfo.InvariantCulture)),
            new("Listeners__Health__Port", place.Health.ToString(CultureInfo.InvariantCulture)),
        ],
        folder: folder);
        place.Program.Start();
        await Poll.UntilAsync(async () =>
        {
            Assert.True(place.Program.ExitCode is null, $"The server ended with code {place.Program.ExitCode}:\n{place.Program.Output}");
            return await IsReadyAsync(place);
        }).TimeoutAfter(StartLimit);
        return index;
    }

    /// <summary>Ends a process as an orchestrator does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RemoveAsync(int index)
    {
        var program = _places[index].Program!;
        var code = await program.StopAsync();
        await program.DisposeAsync();
        _places[index].Program = null;
        return code;
    }

    /// <summary>What a process answers to <c>GET /metrics</c>.</summary>
    public Task<string> MetricsAsync(int index) => _places[index].Program!.MetricsAsync();

    /// <summary>The value of a series of a process, labels and all.</summary>
    public async Task<double> MetricAsync(int index, string series) =>
        double.Parse((await MetricsAsync(index)).Split('\n').Single(line => line.StartsWith(series + ' ', StringComparison.Ordinal))[(series.Length + 1)..], CultureInfo.InvariantCulture);

    /// <summary>The serial number of the certificate that each process shows who connects now.</summary>
    public async Task<IReadOnlyList<string>> SerialsAsync()
    {
        using var caller = NewCertificate().Load();
        var serials = new List<string>();
        foreach (var place in _places.Where(static place => place.Program is not null))
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, place.Grpc).DefaultTimeout();
            await using var tls = new SslStream(client.GetStream());
            X509Certificate? shown = null;
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificates = [caller],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate) is not null, // looked at, not trusted
            }).DefaultTimeout();
            serials.Add(shown!.GetSerialNumberString());
        }

        return serials;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _places.Select(static place => place.Program).OfType<ServerProgram>())
        {
            await program.DisposeAsync();
        }

        await _haproxy.DisposeAsync();
        _http.Dispose();
        Mounted.Dispose();
        Policy.Dispose();
        _peppers.Delete(recursive: true);
    }

    private string Kept(string name) => Path.Combine(Mounted.Authority.Folder, name);

    private async Task<bool> IsReadyAsync(Place place)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{place.Health}/readyz"))).DefaultTimeout();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    /// <summary>Ports that haproxy knows, and what listens there.</summary>
    private sealed class Place(int grpc, int health)
    {
        public int Grpc { get; } = grpc;

        public int Health { get; } = health;

        public ServerProgram? Program { get; set; }
    }
}
