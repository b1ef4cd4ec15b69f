using Prometheus;

namespace SpamGuard.Scoring;

/// <summary>What an operator sees of an outage of the store.</summary>
internal sealed class OutageMetrics(IMetricFactory metrics)
{
    private readonly Gauge _seconds = metrics.CreateGauge("spamguard_store_outage_seconds", "How long the outage of the store has lasted; 0 while there is none.");
    private readonly Gauge _records = metrics.CreateGauge("spamguard_local_records", "Records that this process holds in memory for the time of an outage.");

    /// <summary>How things stand.</summary>
    public void Is(TimeSpan outage, int records)
    {
        _seconds.Set(outage.TotalSeconds);
        _records.Set(records);
    }
}
