using SpamGuard.Promise.Sabotages;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.World;

/// <summary>All that runs for one walk: a Redis, the service, and what watches both. It ends what it started and leaves no file behind.</summary>
internal sealed class RunningWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-promise-");
    private readonly TestAuthority _authority = new();
    private readonly Sabotage? _sabotage;
    private readonly List<ServiceProcess> _services = [];
    private TlsRedis? _redis;
    private MonitorSink? _commands;
    private ServiceProcess? _service;
    private Traffic? _traffic;

    private RunningWorld(Sabotage? sabotage)
    {
        _sabotage = sabotage;
        Pepper = new Pepper(_folder.FullName);
        ServiceFolder = _folder.CreateSubdirectory("service").FullName;
    }

    /// <summary>The store.</summary>
    public TlsRedis Redis => _redis ?? throw NotStarted();

    /// <summary>Every command that the store was sent.</summary>
    public MonitorSink Commands => _commands ?? throw NotStarted();

    /// <summary>The service under test.</summary>
    public ServiceProcess Service => _service ?? throw NotStarted();

    /// <summary>Calls of the service, and their answers.</summary>
    public Traffic Traffic => _traffic ?? throw NotStarted();

    /// <summary>The service's secret.</summary>
    public Pepper Pepper { get; }

    /// <summary>Where the service may write temporary files.</summary>
    public string ServiceFolder { get; }

    /// <summary>What the service wrote, and those before it that were stopped.</summary>
    public IEnumerable<string> Log => _services.SelectMany(static service => service.Output.Split('\n'));

    /// <summary>Everything that outlives a call or leaves the service, read anew each time.</summary>
    public IReadOnlyList<ISink> Sinks =>
    [
        new KeyspaceSink(Redis.Admin), new SnapshotSink(Redis), Commands, new ServiceLogSink(this), new MetricsSink(Service.MetricsAsync), Traffic.Answers,
    ];

    /// <summary>Starts all and sends the canaries through every call.</summary>
    public static async Task<RunningWorld> StartAsync(Sabotage? sabotage, CancellationToken cancellationToken)
    {
        var world = new RunningWorld(sabotage);
        try
        {
            world._redis = await TlsRedis.StartAsync(world._authority, world._folder.FullName, sabotage);
            world._commands = new MonitorSink(world.Redis.Endpoint, world.Redis.Admin, world.Redis.Tls(world.Redis.Client));
            await world._commands.StartAsync();
            await world.StartServiceAsync(cancellationToken);
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

    /// <summary>Lets the sabotage act.</summary>
    public Task AtAsync(Moment moment) => _sabotage?.Act?.Invoke(this, moment) ?? Task.CompletedTask;

    /// <summary>Starts the service, as after a restart, and waits until it takes calls.</summary>
    public async Task StartServiceAsync(CancellationToken cancellationToken)
    {
        _service = LaunchService(Pepper);
        _traffic = new Traffic(_service, _traffic?.Answers ?? new AnswerSink());
        await _service.ReadyAsync(cancellationToken);
    }

    /// <summary>Starts one more process of the service and lets it run, whatever becomes of it.</summary>
    public ServiceProcess LaunchService(Pepper pepper)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Signals"] = Redis.ConnectionString(RedisAccount.Scorer),
            ["SERedis_IssuerCertPath"] = Redis.CaPath,
            ["SERedis_ClientCertPemPath"] = Redis.Client.CertificatePath,
            ["SERedis_ClientCertPasswordPath"] = Redis.Client.KeyPath,
            ["Signals__Budget"] = "00:00:00.200", // it shares the cores with all the rest
            ["Pepper__Path"] = pepper.Path,
            ["Drain__Delay"] = "00:00:00",
            ["DOTNET_EnableDiagnostics"] = "0", // as in the image
            ["TMPDIR"] = ServiceFolder,
            ["Logging__Console__FormatterName"] = "json", // which writes the state of an event too
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        };
        foreach (var category in (string[])["Default", "Grpc", "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Hosting.Lifetime"])
        {
            environment[$"Logging__LogLevel__{category}"] = "Trace";
        }

        foreach (var (name, value) in _sabotage?.Service ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            environment[name] = value;
        }

        var service = ServiceProcess.Start(environment);
        _services.Add(service);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        // Each by itself: one that can't be ended must not keep the others running.
        IAsyncDisposable?[] started = [.. _services, _commands, _redis];
        try
        {
            await Task.WhenAll(started.OfType<IAsyncDisposable>().Select(static one => one.DisposeAsync().AsTask()));
        }
        finally
        {
            _authority.Dispose();
            _folder.Delete(recursive: true);
        }
    }

    private static InvalidOperationException NotStarted() => new("The world is not started.");
}
