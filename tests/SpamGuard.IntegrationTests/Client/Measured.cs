using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>What the meters of one application measure.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _lines = [];

    /// <summary>Listens from now on.</summary>
    /// <param name="services">The application's, with its meters' factory.</param>
    public Measured(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        _listener.Start();
    }

    /// <summary>One line a measurement: the instrument, its tags, the value (of a histogram: 1).</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            _listener.RecordObservableInstruments();
            return [.. _lines];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(',', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));
        _lines.Enqueue($"{instrument.Name}{{{text}}} {value}");
    }
}
