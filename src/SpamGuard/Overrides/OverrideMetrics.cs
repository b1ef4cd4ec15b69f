using Prometheus;

namespace SpamGuard.Overrides;

/// <summary>What an operator sees of overrides in this process.</summary>
internal sealed class OverrideMetrics
{
    private readonly Gauge _inForce;
    private readonly Gauge _readTime;

    /// <summary>Registers the instruments.</summary>
    public OverrideMetrics(IMetricFactory metrics)
    {
        _inForce = metrics.CreateGauge("spamguard_overrides_in_force", "Overrides of operators that count in this process.");
        _readTime = metrics.CreateGauge("spamguard_overrides_read_timestamp_seconds", "When this process last read from the store which overrides there are; 0 before the first time.");
    }

    /// <summary>How many count.</summary>
    public void Are(int inForce) => _inForce.Set(inForce);

    /// <summary>They were read.</summary>
    public void Read(DateTimeOffset now) => _readTime.Set(now.ToUnixTimeMilliseconds() / 1000.0);
}
