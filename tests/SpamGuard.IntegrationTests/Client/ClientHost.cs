extern alias client;

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
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
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _measured = [];

    private ClientHost(IHost host, LogCapture log)
    {
        (_host, Log) = (host, log);
        Client = host.Services.GetRequiredService<ISpamGuardClient>();
        var meter = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, 1, tags));
        _listener.Start();
    }

    public ISpamGuardClient Client { get; }

    public LogCapture Log { get; }

    /// <summary>What was measured, one line a measurement: the instrument, its tags, the value (of the histogram: 1).</summary>
    public IReadOnlyList<string> Measurements
    {
        get
        {
            _listener.RecordObservableInstruments();
            return [.. _measured];
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="configure">How the client is configured.</param>
    /// <param name="services">What else the application has, registered before the client.</param>
    public static async Task<ClientHost> StartAsync(Action<SpamGuardClientOptions> configure, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var log = new LogCapture();
        builder.Logging.AddProvider(log);
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddMetrics();
        services?.Invoke(builder.Services);
        builder.Services.AddSpamGuardClient(configure);
        var host = builder.Build();
        await host.StartAsync().DefaultTimeout();
        return new ClientHost(host, log);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _host.StopAsync().DefaultTimeout();
        _host.Dispose();
    }

    private void Measured<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(',', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));
        _measured.Enqueue($"{instrument.Name}{{{text}}} {value}");
    }
}
