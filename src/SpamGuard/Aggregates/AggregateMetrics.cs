using Prometheus;

namespace SpamGuard.Aggregates;

/// <summary>What an operator sees of the aggregates.</summary>
internal sealed class AggregateMetrics(IMetricFactory metrics)
{
    private readonly Counter _dropped = metrics.CreateCounter(
        "spamguard_aggregate_additions_dropped_total", "Aggregate additions whose fate in the store is unknown; they are not sent again.");

    /// <summary>Additions were lost to a failed call.</summary>
    public void Dropped(int additions) => _dropped.Inc(additions);
}
