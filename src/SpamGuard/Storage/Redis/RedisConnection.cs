using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>The one connection to the store. It starts with the process and comes back by itself when it breaks.</summary>
/// <param name="options">Where the store is.</param>
/// <param name="logger">Told of a lost and of a restored connection.</param>
/// <param name="driverTimeoutMilliseconds">When the driver gives a command up; a service's calls are given up earlier, by their budget.</param>
/// <param name="asksForSettings">Whether the account may ask for the store's settings, as the auditor does: CONFIG, which is not sent otherwise.</param>
/// <param name="certificates">Is shown the certificates of the store's servers.</param>
internal sealed partial class RedisConnection(
    IOptions<SignalStoreOptions> options,
    ILogger<RedisConnection> logger,
    int driverTimeoutMilliseconds = SignalStoreOptions.DriverTimeoutMilliseconds,
    bool asksForSettings = false,
    StoreCertificateMetrics? certificates = null)
    : IHostedService, IAsyncDisposable
{
    /// <summary>
    /// What the driver must be asked for to send ACL, where the account may ask for settings. It does not know ACL, and after a command that it does
    /// not know it sends SELECT, which the account may not: one more line in the ACL log.
    /// </summary>
    public const string Acl = "SLOWLOG";

    /// <summary>The same for WAIT, which only the desk's account may send.</summary>
    public const string Wait = "LATENCY";

    private const string Config = "CONFIG";

    private static readonly HashSet<string> NeverSent = new(StringComparer.OrdinalIgnoreCase) { Config, "SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "PUBLISH" };

    // What a server says to a password, an account or a command that is not right. Only this first word of it is told.
    private static readonly string[] Refusals = ["WRONGPASS", "NOAUTH", "NOPERM"];

    private readonly StoreTls? _tls = Tls(options.Value, logger, certificates);
    private ConnectionMultiplexer? _multiplexer;
    private volatile bool _isLost;
    private volatile bool _isRefused;

    /// <summary>Whether keys of one call must lie in one slot.</summary>
    public bool IsCluster { get; } = options.Value.Topology == SignalTopology.Cluster;

    /// <summary>The store's commands.</summary>
    /// <exception cref="StoreException">The process has not connected yet.</exception>
    public IDatabaseAsync Database
    {
        get
        {
            field ??= _multiplexer?.GetDatabase();
            return field ?? throw new StoreException(StoreFailure.Unavailable, "The store is not connected yet.");
        }
    }

    /// <summary>The master that holds a key: for commands that must reach one server over one connection, such as WAIT.</summary>
    /// <exception cref="StoreException">None is known, or none is connected.</exception>
    public IServer Master(RedisKey key)
    {
        foreach (var server in _multiplexer?.GetServers() ?? [])
        {
            if (server.IsConnected && (IsCluster ? Equals(server.EndPoint, server.ClusterConfiguration?.GetBySlot(key)?.EndPoint) : !server.IsReplica))
            {
                return server;
            }
        }

        throw new StoreException(StoreFailure.Unavailable, "No master of the store is connected.");
    }

    /// <summary>The servers that answer now and are no replicas of others; none before the process has connected.</summary>
    public IEnumerable<IServer> Masters => _multiplexer?.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false }) ?? [];

    /// <summary>Every server that the driver knows, masters and replicas, whether or not it answers.</summary>
    public IReadOnlyList<IServer> Servers => _multiplexer?.GetServers() ?? [];

    /// <summary>The slot of a key in a cluster; 0 for every key elsewhere.</summary>
    public int Slot(ReadOnlySpan<byte> key) => IsCluster ? ClusterSlot.Of(key) : 0;

    /// <summary>Connects. Where nothing answers it returns all the same, and connecting goes on: a service without its store still answers.</summary>
    /// <exception cref="StoreException">The settings can't be used. The driver's text is left out: it may hold the password.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var configuration = Configuration(options.Value, driverTimeoutMilliseconds, asksForSettings, _tls);
            if (StoreWay.IsInTheOpen(configuration, options.Value.Topology))
            {
                Log.NotEncrypted(logger);
            }

            _multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration).WaitAsync(cancellationToken);
            if (!_multiplexer.IsConnected)
            {
                Log.NotConnected(logger);
                _isLost = true;
            }

            // The driver's own text and exception stay behind: they hold names of keys that were under way.
            _multiplexer.ConnectionFailed += (_, failed) => Lost(failed.FailureType);
            _multiplexer.ConnectionRestored += (_, _) => Restored();
            _multiplexer.ErrorMessage += (_, refused) => Refused(refused.Message);
        }
        catch (Exception e) when (e is RedisException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw StoreFailures.From(e);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is not null)
        {
            await _multiplexer.DisposeAsync();
        }
    }

    /// <summary>The driver's settings: what the connection string says, and what must be so whatever it says.</summary>
    /// <param name="options">Where the store is, and how connections to it are encrypted.</param>
    /// <param name="driverTimeoutMilliseconds">When the driver gives a command up.</param>
    /// <param name="asksForSettings">Whether CONFIG may be sent.</param>
    /// <param name="tls">Encrypts, and tells of faults; <c>null</c> for one of the options' own that tells nobody.</param>
    internal static ConfigurationOptions Configuration(
        SignalStoreOptions options,
        int driverTimeoutMilliseconds = SignalStoreOptions.DriverTimeoutMilliseconds,
        bool asksForSettings = false,
        StoreTls? tls = null)
    {
        var configuration = ConfigurationOptions.Parse(options.ConnectionString);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = SignalStoreOptions.ConnectTimeoutMilliseconds;

        // While there is no connection a call fails at once: queueing would only move the wait to where nobody waits any more.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.AsyncTimeout = driverTimeoutMilliseconds;
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(SignalStoreOptions.HeartbeatMilliseconds);
        configuration.ReconnectRetryPolicy = new ExponentialRetry(SignalStoreOptions.ReconnectMilliseconds, SignalStoreOptions.LongestReconnectMilliseconds);

        // What the scoring account may not do must not be tried: each refusal is a line in the store's ACL log.
        configuration.TieBreaker = string.Empty;
        configuration.ConfigurationChannel = string.Empty;
        configuration.SetClientLibrary = false;
        configuration.IncludeDetailInExceptions = false;
        configuration.AllowAdmin = true; // else the driver sends no INFO; what the account may not do is the server's business
        var commands = NeverSent.ToDictionary(static command => command, string? (_) => null, StringComparer.OrdinalIgnoreCase);
        if (options.Topology != SignalTopology.Cluster)
        {
            commands["CLUSTER"] = null;
        }

        commands[Wait] = "WAIT";
        if (asksForSettings)
        {
            commands.Remove(Config);
            commands[Acl] = "ACL";
        }

        configuration.CommandMap = CommandMap.Create(commands);
        (tls ?? Tls(options, NullLogger.Instance, certificates: null))?.Apply(configuration);
        return configuration;
    }

    /// <summary>The span of a call over this connection; <c>null</c> where none is traced.</summary>
    public Activity? Trip(string operation) => StoreTrip.Begin(operation, options.Value.Topology);

    /// <summary>The exception that stands for a driver's one; a refused account is told, once.</summary>
    /// <param name="exception">The driver's.</param>
    /// <param name="trip">The span of the call, where it has one of its own.</param>
    /// <param name="mayBeDone">As <see cref="StoreException.MayBeDone"/>.</param>
    public StoreException Failure(Exception exception, Activity? trip = null, bool mayBeDone = false)
    {
        if (StoreFailures.IsOfTheAccount(exception))
        {
            Refused(Refusals[0]);
        }

        var failure = StoreFailures.From(exception);
        trip.Failed(failure.Failure.Name());
        return mayBeDone ? new StoreException(failure.Failure, failure.Message) { MayBeDone = true } : failure;
    }

    private static StoreTls? Tls(SignalStoreOptions options, ILogger logger, StoreCertificateMetrics? certificates) =>
        options.Tls.IsSet ? new StoreTls(options.Tls, logger, certificates) : null;

    private void Lost(ConnectionFailureType failureType)
    {
        Log.Lost(logger, failureType);
        _isLost = true;
    }

    private void Restored()
    {
        if (_isLost)
        {
            Log.Restored(logger);
        }

        _isLost = false;
        _isRefused = false;
        _tls?.Restored();
    }

    private void Refused(string message)
    {
        if (!_isRefused && Array.Find(Refusals, refusal => message.StartsWith(refusal, StringComparison.Ordinal)) is { } refusal)
        {
            Log.Refused(logger, refusal);
            _isRefused = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.StoreNotConnected, LogLevel.Warning, "The store does not answer; connecting goes on.", EventName = "StoreNotConnected")]
        public static partial void NotConnected(ILogger logger);

        [LoggerMessage(EventIds.StoreConnectionLost, LogLevel.Warning, "A connection to the store was lost ({FailureType}); connecting goes on.", EventName = "StoreConnectionLost")]
        public static partial void Lost(ILogger logger, ConnectionFailureType failureType);

        [LoggerMessage(EventIds.StoreRefusesAccount, LogLevel.Error, "The store refuses this account or its password ({Refusal}): see ConnectionStrings:Signals and the store's users.", EventName = "StoreRefusesAccount")]
        public static partial void Refused(ILogger logger, string refusal);

        [LoggerMessage(
            EventIds.StoreNotEncrypted,
            LogLevel.Warning,
            "The store is, or may be, on another machine, and this process does not encrypt the way to it: where nothing else does, whoever sees it can read passwords and records. See Signals:Tls.",
            EventName = "StoreNotEncrypted")]
        public static partial void NotEncrypted(ILogger logger);

        [LoggerMessage(EventIds.StoreConnectionRestored, LogLevel.Information, "A connection to the store is back.", EventName = "StoreConnectionRestored")]
        public static partial void Restored(ILogger logger);
    }
}
