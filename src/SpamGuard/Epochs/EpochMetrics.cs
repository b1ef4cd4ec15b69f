using Prometheus;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>What an operator sees of epochs and clocks.</summary>
internal sealed class EpochMetrics
{
    private readonly Gauge _expires;
    private readonly Counter _conflicts;
    private readonly Counter _rolls;
    private readonly Gauge _unreadable;
    private readonly Gauge _offset;
    private readonly Gauge _skewed;
    private readonly Gauge _pepperMissing;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public EpochMetrics(IMetricFactory metrics)
    {
        _expires = metrics.CreateGauge(
            "spamguard_epoch_expires_timestamp_seconds", "Unix time at which the salt of the current epoch is gone.", ["class"]);
        _conflicts = metrics.CreateCounter(
            "spamguard_salt_conflicts_total", "Times that the store had another salt than this process for one epoch; what the own salt knew is lost.", ["class"]);
        _rolls = metrics.CreateCounter(
            "spamguard_salt_rolls_total", "Epochs begun anew, as seen by this process; more than an operator rolled is a thief's.", ["class"]);
        _unreadable = metrics.CreateGauge(
            "spamguard_salt_unreadable", "Epochs, live or about to begin, whose record in the store is not of the expected form.", ["class"]);
        _offset = metrics.CreateGauge("spamguard_clock_offset_seconds", "The store's clock less this process' clock.");
        _skewed = metrics.CreateGauge("spamguard_clock_skewed", "1 while the store's clock is too far from this process' clock, and nothing is written.");
        _pepperMissing = metrics.CreateGauge(
            "spamguard_pepper_missing", "Epochs, live or about to begin, that name a pepper which this process does not have.");
        foreach (var retention in RetentionClass.Salted)
        {
            _expires.WithLabels(retention.Name);
            _conflicts.WithLabels(retention.Name);
            _rolls.WithLabels(retention.Name);
            _unreadable.WithLabels(retention.Name);
        }
    }

    /// <summary>The current epoch of a class is known.</summary>
    public void Current(RetentionClass retention, long end) => _expires.WithLabels(retention.Name).Set(end);

    /// <summary>The store had another salt of the same generation.</summary>
    public void Conflict(RetentionClass retention) => _conflicts.WithLabels(retention.Name).Inc();

    /// <summary>The store had a salt of a higher generation.</summary>
    public void Rolled(RetentionClass retention) => _rolls.WithLabels(retention.Name).Inc();

    /// <summary>How many epochs of a class have a record in the store that is none.</summary>
    public void Unreadable(RetentionClass retention, int epochs) => _unreadable.WithLabels(retention.Name).Set(epochs);

    /// <summary>The offset was measured.</summary>
    public void Offset(StoreClock clock)
    {
        _offset.Set(clock.OffsetMilliseconds / 1000.0);
        _skewed.Set(clock.IsSkewed ? 1 : 0);
    }

    /// <summary>How many epochs name a pepper that this process does not have.</summary>
    public void PepperMissing(int epochs) => _pepperMissing.Set(epochs);
}
