using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SpamGuard.Client.Connections;

/// <summary>The channel, and another one when the files of its certificates change: calls that have begun end on the one they began on.</summary>
internal sealed partial class ChannelKeeper : IDisposable
{
    // A machine that is gone without a word is given up within the grace of a fallback: behind one address others may serve.
    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Two minutes by default, and a server that came back would be missed for as long.
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(250);

    private readonly SpamGuardClientOptions _options;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly ITimer? _timer;
    private readonly Lock _gate = new();
    private readonly List<(GrpcChannel Channel, long Since)> _left = [];
    private string? _told;
    private TlsFiles? _files;
    private GrpcChannel _channel;
    private volatile Calls _calls;
    private bool _isDisposed;

    /// <summary>Opens it; nobody is connected to yet.</summary>
    /// <exception cref="IOException">A file of certificates can't be used.</exception>
    public ChannelKeeper(IOptions<SpamGuardClientOptions> options, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _services, _time, _loggers) = (options.Value, services, time, loggers);
        _logger = loggers.CreateLogger<ChannelKeeper>();
        _files = _options.Tls.IsSet ? TlsFiles.Read(_options.Tls) : null;
        _channel = Open(_files);
        _calls = new Calls(_channel.CreateCallInvoker());
        if (_files is not null)
        {
            _timer = time.CreateTimer(static keeper => ((ChannelKeeper)keeper!).Look(), this, _options.Tls.ReloadInterval, _options.Tls.ReloadInterval);
        }
    }

    /// <summary>Where calls that begin now go.</summary>
    public Calls Calls => _calls;

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _channel.Dispose();
            _left.ForEach(static left => left.Channel.Dispose());
            _left.Clear();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            // What has begun there has ended: no call takes longer than its timeout.
            var longest = new[] { _options.Timeout, _options.BatchTimeout, _options.ReportTimeout }.Max();
            _left.Where(left => _time.GetElapsedTime(left.Since) > longest).ToList().ForEach(static left => left.Channel.Dispose());
            _left.RemoveAll(left => _time.GetElapsedTime(left.Since) > longest);
            Reload();
        }
    }

    private void Reload()
    {
        try
        {
            if (TlsFiles.DigestNow(_options.Tls).AsSpan().SequenceEqual(_files!.Digest))
            {
                return;
            }

            var files = TlsFiles.Read(_options.Tls);
            var channel = Open(files);
            _left.Add((_channel, _time.GetTimestamp()));
            (_files, _channel, _told) = (files, channel, null);
            _calls = new Calls(channel.CreateCallInvoker());
            Log.Reloaded(_logger);
        }
        catch (Exception e)
        {
            // Of any kind, for the application's own ConfigureChannel is called too, and nobody catches what a timer throws. Told once each, and tried again.
            if (!string.Equals(_told, e.Message, StringComparison.Ordinal))
            {
                _told = e.Message;
                Log.NotReloaded(_logger, e.Message);
            }
        }
    }

    private GrpcChannel Open(TlsFiles? files)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true, // or the 101st call at once waits for one of a hundred
            KeepAlivePingDelay = KeepAliveDelay,
            KeepAlivePingTimeout = KeepAliveTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = ConnectTimeout,
            UseProxy = false,
        };
        if (files is not null)
        {
            handler.SslOptions = files.Options;
        }

        var options = new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            LoggerFactory = _loggers,
            ServiceProvider = new ChannelServices(_services, _options.DnsRefresh, _time),
            InitialReconnectBackoff = FirstBackoff,
            MaxReconnectBackoff = LongestBackoff,
            ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { OutlierDetection.Config() } },
        };
        if (_options.Address!.Scheme is not ("http" or "https"))
        {
            options.Credentials = _options.Plaintext ? ChannelCredentials.Insecure : ChannelCredentials.SecureSsl;
        }

        _options.ConfigureChannel?.Invoke(options);
        return GrpcChannel.ForAddress(_options.Address, options);
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Information, "The files of certificates for SpamGuard have changed: new calls use what is in them now", EventName = nameof(Reloaded))]
        public static partial void Reloaded(ILogger logger);

        [LoggerMessage(12, LogLevel.Error, "The files of certificates for SpamGuard can't be used, and what was read before goes on: {Fault}", EventName = nameof(NotReloaded))]
        public static partial void NotReloaded(ILogger logger, string fault);
    }
}
