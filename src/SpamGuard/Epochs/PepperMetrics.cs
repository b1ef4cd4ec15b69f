using Prometheus;

namespace SpamGuard.Epochs;

/// <summary>What an operator sees of peppers; never which.</summary>
internal sealed class PepperMetrics
{
    private readonly Gauge _loaded;
    private readonly Counter _reloads;
    private readonly Gauge _rejected;

    /// <summary>Registers the instruments.</summary>
    public PepperMetrics(IMetricFactory metrics, PepperRing ring)
    {
        _loaded = metrics.CreateGauge("spamguard_peppers_loaded", "Peppers that this process has.");
        _reloads = metrics.CreateCounter("spamguard_pepper_reloads_total", "Changes of the mounted peppers, and what became of them.", ["result"]);
        _rejected = metrics.CreateGauge("spamguard_pepper_files_rejected", "1 while the mounted peppers can't be taken and earlier ones stay in force.");
        _reloads.WithLabels("applied");
        _reloads.WithLabels("rejected");
        _loaded.Set(ring.Count);
    }

    /// <summary>Other peppers are in force.</summary>
    public void Applied(int count)
    {
        _loaded.Set(count);
        _reloads.WithLabels("applied").Inc();
        _rejected.Set(0);
    }

    /// <summary>A change was refused.</summary>
    public void Rejected()
    {
        _reloads.WithLabels("rejected").Inc();
        _rejected.Set(1);
    }
}
