using Prometheus;

namespace SpamGuard.Storage.Redis;

/// <summary>What the store's calls took and how they failed. Every series is there from the start; no label ever names a subject.</summary>
internal sealed class StoreMetrics
{
    // Seconds, dense where the service's promises lie.
    private static readonly double[] Buckets =
        [.0005, .001, .002, .003, .005, .0075, .01, .015, .02, .03, .05, .075, .1, .25, .5, 1];

    private readonly Histogram.Child[] _durations;
    private readonly Counter.Child[] _errors;
    private readonly Gauge _circuit;

    public StoreMetrics(IMetricFactory metrics)
    {
        var durations = metrics.CreateHistogram(
            "spamguard_store_duration_seconds",
            "How long calls to the store took, those included that failed; not those that an open circuit kept from being tried.",
            new HistogramConfiguration { LabelNames = ["operation"], Buckets = Buckets });
        _durations = [.. Enum.GetValues<StoreOperation>().Select(operation => durations.WithLabels(operation.Name()))];
        var errors = metrics.CreateCounter("spamguard_store_errors_total", "Calls to the store that failed.", new CounterConfiguration { LabelNames = ["kind"] });
        _errors = [.. Enum.GetValues<StoreFailure>().Select(failure => errors.WithLabels(failure.Name()))];
        _circuit = metrics.CreateGauge("spamguard_store_circuit_open", "1 while calls to the store are not even tried, 0 else.");
        _circuit.Set(0);
    }

    /// <summary>A call ended, well or not.</summary>
    public void Called(StoreOperation operation, TimeSpan duration) => _durations[(int)operation].Observe(duration.TotalSeconds);

    /// <summary>A call failed.</summary>
    public void Failed(StoreFailure failure) => _errors[(int)failure].Inc();

    /// <summary>The circuit opened or closed.</summary>
    public void CircuitIsOpen(bool open) => _circuit.Set(open ? 1 : 0);
}
