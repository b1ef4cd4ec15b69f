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

/// <summary>Scoring processes in production behind one haproxy, and a desk beside them where it is started, on one Redis, with the same files mounted into each.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    /// <summary>Who calls.</summary>
    public const string Identity = "spiffe://example.org/tests";
    /// <summary>The pepper that is mounted from the start.</summary>
    public const string FirstPepper = "a.pepper";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly KeyValuePair<string, string?>[] _store;
    private readonly string _environment;
    private readonly (string Name, string Value)[] _variables;
    private readonly Place[] _places;
    private readonly Place _desk;
    private readonly HttpClient _http = new();
    private readonly Haproxy _haproxy;
    private readonly DirectoryInfo _peppers = Directory.CreateTempSubdirectory("spamguard-peppers-");

    private Fleet(IEnumerable<KeyValuePair<string, string?>> store, int places, string environment, (string Name, string Value)[] variables)
    {
        (_store, _environment, _variables) = ([.. store], environment, variables);
        var ports = FreePorts.Take((places + 1) * 2);
        Place[] all = [.. ports.Chunk(2).Select(static pair => new Place(pair[0], pair[1]))];
        (_places, _desk) = (all[1..], all[0]);
        _haproxy = new Haproxy(_places.Select(static place => (place.Grpc, place.Health)));
        AddPepper(FirstPepper);
    }

    /// <summary>What is mounted about callers, and certificates.</summary>
    public TestCallers Mounted { get; } = new(Callers());

    /// <summary>The file of callers: the tests' own, and lines of others.</summary>
    public static string Callers(string others = "") =>
        $$"""
        callers:
          tests: {identities: [{{Identity}}], roles: [scorer, reporter, operator], quotas: {subject: {per_second: 1000} } }
        {{others}}
        """;

    /// <summary>The policy that is mounted.</summary>
    public PolicyFileOnDisk Policy { get; } = new("{}\n");

    /// <summary>The processes that run, by their place.</summary>
    public IReadOnlyList<int> Running => [.. Enumerable.Range(0, _places.Length).Where(place => _places[place].Program is not null)];

    /// <summary>Starts haproxy, and nothing behind it.</summary>
    /// <param name="redis">The store.</param>
    /// <param name="places">How many processes there are at once at most.</param>
    /// <param name="environment">Production, or Development for short epochs.</param>
    /// <param name="variables">Settings of every process, over the fleet's own.</param>
    public static Task<Fleet> StartAsync(RedisFixture redis, int places, string environment = "Production", params (string Name, string Value)[] variables)
    {
        KeyValuePair<string, string?>[] store =
        [
            new("ConnectionStrings:Signals", redis.ConnectionString(RedisAccount.Scorer)),
            new("Signals:Tls:BySidecar", "true"), // a container's Redis is on loopback on some machines, and on others not
        ];
        return StartAsync(store, places, environment, variables);
    }

    /// <summary>The same with a store that is told by settings of the server.</summary>
    public static async Task<Fleet> StartAsync(IEnumerable<KeyValuePair<string, string?>> store, int places, string environment = "Production", params (string Name, string Value)[] variables)
    {
        var fleet = new Fleet(store, places, environment, variables);
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
    public GrpcChannel Direct(int index, TestCertificate? certificate = null) => Direct(_places[index], certificate);

    /// <summary>A connection to the desk, which is one process.</summary>
    public GrpcChannel Desk() => Direct(_desk);

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
        await StartAsync(_places[index], [new("Desk:Enabled", "false")], folder);

        // The first is ready a moment before haproxy knows of it.
        var channel = Channel();
        await Poll.UntilAsync(() => ServerProgram.IsServingAsync(channel)).TimeoutAfter(StartLimit);
        return index;
    }

    /// <summary>Starts the desk, always on the same port, and waits until it is ready.</summary>
    /// <param name="redis">The fleet's, for the desk has a user of its own there.</param>
    /// <param name="volume">Its ledger and its key.</param>
    public Task AddDeskAsync(RedisFixture redis, LedgerVolume volume) =>
        StartAsync(_desk, [new("Desk:Enabled", "true"), new("ConnectionStrings:Desk", redis.ConnectionString(RedisAccount.Desk)), .. volume.Settings]);

    /// <summary>Ends a process as an orchestrator does.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> RemoveAsync(int index) => StopAsync(_places[index]);

    /// <summary>Ends the desk.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> RemoveDeskAsync() => StopAsync(_desk);

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
        foreach (var program in _places.Append(_desk).Select(static place => place.Program).OfType<ServerProgram>())
        {
            await program.DisposeAsync();
        }

        await _haproxy.DisposeAsync();
        _http.Dispose();
        Mounted.Dispose();
        Policy.Dispose();
        _peppers.Delete(recursive: true);
    }

    private async Task StartAsync(Place place, IEnumerable<KeyValuePair<string, string?>> settings, string? folder = null)
    {
        place.Program = new ServerProgram(_environment,
        [
            new("Signals__Budget", "00:00:00.200"), // the processes under test share two cores with the callers
            new("Pepper__Path", _peppers.FullName),
            new("Policy__Path", Policy.Path),
            new("Drain__Delay", "00:00:02"),
            .. _store.Concat(Mounted.Settings).Concat(settings).Select(static pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value)),
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
    }

    private static async Task<int> StopAsync(Place place)
    {
        var program = place.Program!;
        var code = await program.StopAsync();
        await program.DisposeAsync();
        place.Program = null;
        return code;
    }

    private GrpcChannel Direct(Place place, TestCertificate? certificate = null) =>
        Mounted.Channel(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{place.Grpc}"), certificate ?? NewCertificate());

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
