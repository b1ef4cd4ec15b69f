using Prometheus;

namespace SpamGuard.Policies;

/// <summary>What an operator sees of the policy.</summary>
internal sealed class PolicyMetrics
{
    private readonly Gauge _info;
    private readonly Counter.Child _applied;
    private readonly Counter.Child _rejections;
    private readonly Gauge _rejected;
    private readonly Gauge _loaded;
    private string? _revision;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public PolicyMetrics(IMetricFactory metrics)
    {
        _info = metrics.CreateGauge("spamguard_policy_info", "1 for the revision of the policy in force.", ["revision"]);
        var reloads = metrics.CreateCounter("spamguard_policy_reloads_total", "Times that the policy file held something else, by what became of it.", ["result"]);
        _applied = reloads.WithLabels("applied");
        _rejections = reloads.WithLabels("rejected");
        _rejected = metrics.CreateGauge("spamguard_policy_file_rejected", "1 while the policy file can't be used and an earlier policy is in force.");
        _loaded = metrics.CreateGauge("spamguard_policy_loaded_timestamp_seconds", "Unix time at which the policy in force was loaded.");
    }

    /// <summary>A policy is in force.</summary>
    public void InForce(string revision, DateTimeOffset time)
    {
        if (_revision is not null && !string.Equals(_revision, revision, StringComparison.Ordinal))
        {
            _info.RemoveLabelled(_revision);
        }

        _revision = revision;
        _info.WithLabels(revision).Set(1);
        _loaded.Set(time.ToUnixTimeMilliseconds() / 1000.0);
    }

    /// <summary>The file held another policy, which is in force now.</summary>
    public void Applied()
    {
        _applied.Inc();
        _rejected.Set(0);
    }

    /// <summary>The file can't be used.</summary>
    public void Rejected()
    {
        _rejections.Inc();
        _rejected.Set(1);
    }
}
