using Prometheus;

namespace SpamGuard.Storage.Redis;

/// <summary>What an operator sees of the store's memory.</summary>
internal sealed class StoreMemoryMetrics
{
    private readonly Gauge _share;
    private readonly Gauge _limit;
    private readonly Gauge _tight;
    private readonly Counter _evicted;

    public StoreMemoryMetrics(IMetricFactory metrics)
    {
        _share = metrics.CreateGauge(
            "spamguard_store_memory_used_ratio", "Memory in use by its limit, of the fullest master of the store; 0 without a limit, NaN while it is not known.");
        _limit = metrics.CreateGauge(
            "spamguard_store_memory_limit_bytes", "The smallest maxmemory of the store's masters; 0 where one has none, NaN while it is not known.");
        _tight = metrics.CreateGauge("spamguard_store_memory_tight", "1 while only records of networks and regions are made, for the store's memory runs full; 0 else.");
        _evicted = metrics.CreateCounter("spamguard_store_evicted_keys_total", "Keys that the store threw out before their time since this process looks; every process counts all.");
        Is(share: null, limit: null, tight: false);
    }

    /// <summary>How things stand.</summary>
    public void Is(double? share, long? limit, bool tight)
    {
        _share.Set(share ?? double.NaN);
        _limit.Set(limit ?? double.NaN);
        _tight.Set(tight ? 1 : 0);
    }

    /// <summary>So many keys more were thrown out.</summary>
    public void Evicted(long keys) => _evicted.Inc(keys);
}
