extern alias client;

using client::SpamGuard.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>An application that uses the client, started as its own host would.</summary>
internal sealed class ClientHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Measured _measured;

    private ClientHost(IHost host, LogCapture log)
    {
        (_host, Log) = (host, log);
        Client = host.Services.GetRequiredService<ISpamGuardClient>();
        _measured = new Measured(host.Services);
    }

    public ISpamGuardClient Client { get; }

    public LogCapture Log { get; }

    /// <summary>What was measured, as <see cref="Measured.Lines"/> has it.</summary>
    public IReadOnlyList<string> Measurements => _measured.Lines;

    /// <summary>Starts it.</summary>
    /// <param name="configure">How the client is configured.</param>
    /// <param name="services">What else the application has, registered before the client.</param>
    /// <param name="behind">What it has registered behind the client.</param>
    public static async Task<ClientHost> StartAsync(Action<SpamGuardClientOptions> configure, Action<IServiceCollection>? services = null, Action<IServiceCollection>? behind = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var log = new LogCapture();
        builder.Logging.AddProvider(log);
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddMetrics();
        services?.Invoke(builder.Services);
        builder.Services.AddSpamGuardClient(configure);
        behind?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync().DefaultTimeout();
        return new ClientHost(host, log);
    }

    public async ValueTask DisposeAsync()
    {
        _measured.Dispose();
        await _host.StopAsync().DefaultTimeout();
        _host.Dispose();
    }
}
