using System.Globalization;
using SpamGuard.Promise.Clauses;
using SpamGuard.Promise.Sabotages;
using SpamGuard.Testing;
using SpamGuard.Testing.Otlp;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.World;

/// <summary>
/// All that runs for one walk: a Redis, a process that scores, the desk, and what watches them. It ends what it started and leaves no file behind.
/// </summary>
internal sealed class RunningWorld : IAsyncDisposable
{
    private const string Production = "Production";
    private const string Development = "Development";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-promise-");
    private readonly TestAuthority _authority = new("store-ca");
    private readonly SabotageSet _broken;
    private readonly bool _isWhole;
    private readonly int _publishingPort;
    private readonly Lock _starting = new();
    private readonly List<ServiceProcess> _services = [];
    private readonly List<IDisposable> _intercepting = [];
    private readonly List<LedgerVolume> _volumes = [new()];
    private readonly Dictionary<string, TlsRedis> _stores = new(StringComparer.Ordinal);
    private TlsRedis? _redis;
    private MonitorSink? _commands;
    private OtlpCollector? _collector;
    private ServiceProcess? _service;
    private ServiceProcess? _desk;
    private Traffic? _traffic;

    private RunningWorld(SabotageSet broken, bool isWhole)
    {
        (_broken, _isWhole) = (broken, isWhole);
        Pepper = new Pepper(_folder.FullName);
        _publishingPort = FreePorts.TakeOne();
        Published = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_publishingPort}/"));
        ServiceFolder = _folder.CreateSubdirectory("service").FullName;
    }

    /// <summary>The store.</summary>
    public TlsRedis Redis => _redis ?? throw NotStarted();

    /// <summary>Every command that the store was sent.</summary>
    public MonitorSink Commands => _commands ?? throw NotStarted();

    /// <summary>What the service tells a collector of traces.</summary>
    public OtlpCollector Collector => _collector ?? throw NotStarted();

    /// <summary>The process that scores, as in production.</summary>
    public ServiceProcess Service => _service ?? throw NotStarted();

    /// <summary>The desk as in production, on the same store and with the same pepper.</summary>
    public ServiceProcess Desk => _desk ?? throw NotStarted();

    /// <summary>The desk's ledger, and its key.</summary>
    public LedgerVolume Ledger => _volumes[0];

    /// <summary>Where the desk publishes its report.</summary>
    public Uri Published { get; private set; }

    /// <summary>What <see cref="SyncTrace"/> reads: the calls by which the desk that was started last has what it wrote brought to the disk.</summary>
    public string DeskTrace => PathOf("desk.strace");

    /// <summary>Calls of the service and the desk, and their answers.</summary>
    public Traffic Traffic => _traffic ?? throw NotStarted();

    /// <summary>Who calls.</summary>
    public Callers Callers { get; } = new();

    /// <summary>An authority that nobody has been told to trust.</summary>
    public TestAuthority Stranger { get; } = new("another-ca");

    /// <summary>The file of the authorities that the service trusts for its store.</summary>
    public string StoreCaPath => PathOf("store-ca.crt");

    /// <summary>The service's secret.</summary>
    public Pepper Pepper { get; }

    /// <summary>Where the service may write temporary files.</summary>
    public string ServiceFolder { get; }

    /// <summary>What every process of the service wrote.</summary>
    public IEnumerable<string> Log
    {
        get
        {
            lock (_starting)
            {
                return [.. _services.SelectMany(static service => service.Output.Split('\n'))];
            }
        }
    }

    /// <summary>Everything that outlives a call or leaves the service, read anew each time.</summary>
    public IReadOnlyList<ISink> Sinks =>
    [
        new KeyspaceSink(Redis.Admin), new SnapshotSink(Redis), Commands, new ServiceLogSink(this), new MetricsSink(MetricsAsync), Collector, Traffic.Answers, new LedgerSink(Ledger), new PublishedSink(Published),
    ];

    /// <summary>Starts all and sends the canaries through every call.</summary>
    /// <param name="broken">What is broken.</param>
    /// <param name="isWhole">Whether clauses that wait do so under a sabotage of another clause too.</param>
    /// <param name="cancellationToken">Ends what was started and gives up.</param>
    public static async Task<RunningWorld> StartAsync(SabotageSet broken, bool isWhole, CancellationToken cancellationToken)
    {
        var world = new RunningWorld(broken, isWhole);
        try
        {
            File.Copy(world._authority.CaPath, world.StoreCaPath);
            await world.AtAsync(Moment.Mounted);
            world._redis = await world.StartRedisAsync("redis");
            world._commands = new MonitorSink(world.Redis.Endpoint, world.Redis.Admin, world.Redis.Tls(world.Redis.Client));
            await world._commands.StartAsync();
            world._collector = await OtlpCollector.StartAsync();
            await TokenBook.PlantPreviousAsync(world.Redis.Admin, world.Pepper.Bytes);
            await Task.WhenAll(world.StartServiceAsync(cancellationToken), world.StartDeskAsync(cancellationToken));
            world._traffic = new Traffic(world.Service, world.Desk);
            await world.Traffic.CanariesAsync(cancellationToken);
            await world.AtAsync(Moment.Busy);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets what is broken be so from this moment on.</summary>
    public Task AtAsync(Moment moment) => _broken.AtAsync(this, moment);

    /// <summary>Puts something between the desk and who reads what it publishes.</summary>
    /// <param name="between">Ends with the world.</param>
    /// <param name="url">Where it is.</param>
    public void Intercept(IDisposable between, Uri url)
    {
        _intercepting.Add(between);
        Published = url;
    }

    /// <summary>Whether a clause that waits for long does so: always, but under a sabotage of another, where nobody asked for the whole.</summary>
    public bool Waits(IClause clause) => _isWhole || _broken.All.Count == 0 || _broken.Breaks(clause.Name);

    /// <summary>A file of the walk's own, which neither the service nor the store knows.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Starts the service, as after a restart, and waits until it takes calls.</summary>
    public async Task StartServiceAsync(CancellationToken cancellationToken)
    {
        _service = Launch(Redis, Pepper.Path);
        await _service.ReadyAsync(cancellationToken);
        _traffic?.Service = _service;
    }

    /// <summary>Starts the desk, as after a restart, and waits until it takes calls.</summary>
    /// <exception cref="PromiseException">It does not start.</exception>
    public async Task StartDeskAsync(CancellationToken cancellationToken)
    {
        _desk = Launch(Redis, Pepper.Path, Production, SyncTrace.Prefix(DeskTrace), [.. Desks(Redis, Ledger), ("Listeners__Transparency__Port", _publishingPort.ToString(CultureInfo.InvariantCulture))]);
        await _desk.ReadyAsync(cancellationToken);
        _traffic?.Desk = _desk;
    }

    /// <summary>A store that was started by this name.</summary>
    public TlsRedis Store(string name)
    {
        lock (_starting)
        {
            return _stores[name];
        }
    }

    /// <summary>Starts one more store, of the same settings and accounts, which nothing uses yet.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <param name="authority">Whom its certificate is from; <c>null</c> for that of all stores.</param>
    public async Task<TlsRedis> StartRedisAsync(string name, TestAuthority? authority = null)
    {
        var redis = await TlsRedis.StartAsync(authority ?? _authority, _folder.FullName, name, _broken);
        lock (_starting)
        {
            _stores[name] = redis;
        }

        return redis;
    }

    /// <summary>Starts one more process in production that scores and lets it run, whatever becomes of it.</summary>
    public ServiceProcess Launch(TlsRedis redis, string pepperPath, params IEnumerable<(string Name, string Value)> settings) => Launch(redis, pepperPath, Production, prefix: null, settings);

    /// <summary>Starts one process that is everything, a desk and one that scores, in development, where epochs may be short.</summary>
    public ServiceProcess LaunchWhole(TlsRedis redis, params IEnumerable<(string Name, string Value)> settings)
    {
        var volume = new LedgerVolume();
        lock (_starting)
        {
            _volumes.Add(volume);
        }

        return Launch(redis, Pepper.Path, Development, prefix: null, [.. Desks(redis, volume), .. settings]);
    }

    public async ValueTask DisposeAsync()
    {
        // Each by itself: one that can't be ended must not keep the others running.
        IAsyncDisposable?[] started = [.. _services, _commands, _collector, .. _stores.Values];
        try
        {
            await Task.WhenAll(started.OfType<IAsyncDisposable>().Select(static one => one.DisposeAsync().AsTask()));
        }
        finally
        {
            _intercepting.ForEach(static between => between.Dispose());
            _volumes.ForEach(static volume => volume.Dispose());
            Callers.Dispose();
            Stranger.Dispose();
            _authority.Dispose();
            _folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<(string Name, string Value)> Desks(TlsRedis redis, LedgerVolume volume) =>
    [
        ("ConnectionStrings__Desk", redis.ConnectionString(RedisAccount.Desk)),
        ("Desk__Enabled", "true"),
        .. volume.Settings.Select(static pair => (pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value!)),
    ];

    private static InvalidOperationException NotStarted() => new("The world is not started.");

    private async Task<string> MetricsAsync() => await Service.MetricsAsync() + await Desk.MetricsAsync();

    private ServiceProcess Launch(TlsRedis redis, string pepperPath, string kind, string? prefix, params IEnumerable<(string Name, string Value)> settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Signals"] = redis.ConnectionString(RedisAccount.Scorer),
            ["Signals__Tls__CaPath"] = StoreCaPath,
            ["Signals__Tls__CertificatePath"] = redis.Client.CertificatePath,
            ["Signals__Tls__KeyPath"] = redis.Client.KeyPath,
            ["Signals__Budget"] = "00:00:00.200", // it shares the cores with all the rest
            ["Pepper__Path"] = pepperPath,
            ["Desk__Enabled"] = "false",
            ["Drain__Delay"] = "00:00:00",
            ["DOTNET_EnableDiagnostics"] = "0", // as in the image
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_TC_CallCounting"] = "0", // it lives for a minute: nearly half of a walk's work went into counting which code is worth a better translation, and translating it
            ["TMPDIR"] = ServiceFolder,
            ["Tracing__OtlpEndpoint"] = Collector.Endpoint,
            ["Tracing__SampleRatio"] = "1",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100", // milliseconds: who looks at what was sent need not wait
            ["Logging__Console__FormatterName"] = "json", // which writes the state of an event too
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        };
        foreach (var (name, value) in Callers.Mounted.Settings)
        {
            environment[name.Replace(":", "__", StringComparison.Ordinal)] = value!;
        }

        foreach (var (name, value) in ServerProgram.AtTrace)
        {
            environment[name] = value!;
        }

        foreach (var (name, value) in settings.Concat(_broken.Service))
        {
            environment[name] = value;
        }

        var service = ServiceProcess.Start(kind, Callers, environment, prefix);
        lock (_starting)
        {
            _services.Add(service);
        }

        return service;
    }
}
