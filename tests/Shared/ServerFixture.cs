using System.Globalization;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;
using SpamGuard.Server;
using SpamGuard.Server.Listeners;
using SpamGuard.V1;

namespace SpamGuard.Testing;

/// <summary>
/// The real server in this process: Kestrel on free loopback ports, real channels, metrics of its own. With the embedded store,
/// unless a derived class gives settings that name another.
/// </summary>
public class ServerFixture : IAsyncLifetime
{
    private WebApplication? _app;
    private GrpcChannel? _channel;

    /// <summary>The listeners that there are without a sidecar.</summary>
    internal static IReadOnlyList<Listener> Listeners { get; } = [.. Enum.GetValues<Listener>().Except([Listener.Sidecar])];

    /// <summary>Everything that was logged, down to Trace.</summary>
    public LogCapture Logs { get; } = new();

    public ScoringService.ScoringServiceClient Scoring => new(Channel);

    public FeedbackService.FeedbackServiceClient Feedback => new(Channel);

    public GrpcChannel Channel => _channel ?? throw NotStarted();

    public IServiceProvider Services => App.Services;

    internal WebApplication App => _app ?? throw NotStarted();

    public async Task InitializeAsync()
    {
        var settings = new Dictionary<string, string?>(await SettingsAsync(), StringComparer.OrdinalIgnoreCase);
        var builder = Builder(Logs, settings);
        AddServices(builder.Services);
        _app = await SpamGuardServer.BuildAsync(builder);
        await _app.StartAsync().DefaultTimeout();
        _channel = GrpcChannel.ForAddress(Url(Listener.Grpc));
    }

    public virtual async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync().DefaultTimeout();
            await _app.DisposeAsync();
        }
    }

    /// <summary>What <c>GET /metrics</c> answers.</summary>
    public Task<string> MetricsAsync() => GetAsync(Listener.Metrics, "/metrics");

    /// <summary>The value of one series, labels and all.</summary>
    public async Task<double> MetricAsync(string series)
    {
        var start = series + ' ';
        var line = (await MetricsAsync()).Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));
        return double.Parse(line[start.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>A builder as the program makes it, on free ports, with more settings and nothing on the console.</summary>
    internal static WebApplicationBuilder Builder(
        LogCapture logs, IReadOnlyDictionary<string, string?> settings, string environment = "Development")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "SpamGuard.Server",
            EnvironmentName = environment,
            ContentRootPath = Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.Server"),
        });
        builder.Configuration.AddInMemoryCollection(
            // The page has a port outside of development only where a test makes a desk of the process.
            Listeners.Where(listener => listener is not Listener.Transparency || environment == "Development").Select(listener => KeyValuePair.Create($"Listeners:{listener}:Port", (string?)"0")));
        builder.Configuration.AddInMemoryCollection([new("Signals:Budget", "00:00:00.200")]); // all tests share two cores: what is in time on an idle machine would not be
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().AddCapture(logs);
        builder.Services.AddSingleton(Metrics.NewCustomRegistry());
        return builder;
    }

    internal string Url(Listener listener)
    {
        var listeners = Services.GetRequiredService<BoundListeners>();
        return $"{(listeners.IsTls(listener) ? "https" : "http")}://{listeners.Authority(listener)}";
    }

    internal async Task<string> GetAsync(Listener listener, string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(Url(listener) + path)).DefaultTimeout();
    }

    /// <summary>Settings besides those of a developer's machine.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal));

    /// <summary>Services besides the product's.</summary>
    protected virtual void AddServices(IServiceCollection services)
    {
    }

    private static InvalidOperationException NotStarted() => new("The fixture is not started.");
}
