using Prometheus;

namespace SpamGuard.Desk.Disclosures;

/// <summary>What an operator sees of orders: how many there were, and whether one waits. Nothing tells whom one is about, or whose it is.</summary>
internal sealed class DisclosureMetrics
{
    private readonly Counter _disclosures;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public DisclosureMetrics(IMetricFactory metrics, CollectorRegistry registry, DisclosureBook book, TimeProvider time)
    {
        _disclosures = metrics.CreateCounter("spamguard_disclosures_total", "What was done and refused about orders of authorities.", ["category", "outcome"]);
        foreach (var category in Enum.GetValues<DisclosureCategory>())
        {
            foreach (var outcome in Enum.GetValues<DisclosureOutcome>())
            {
                _disclosures.WithLabels(DisclosureEntries.Name(category), DisclosureEntries.Name(outcome));
            }
        }

        var pending = metrics.CreateGauge("spamguard_disclosures_pending", "Orders that nobody has decided, and that are valid.");
        var age = metrics.CreateGauge("spamguard_disclosures_oldest_pending_seconds", "How long ago the oldest of them was opened; 0 where there is none.");
        var unknown = metrics.CreateGauge("spamguard_disclosures_outcome_unknown", "Orders that were being executed when the desk ended, until their validity would have ended: whether something was given out nobody knows.");
        registry.AddBeforeCollectCallback(() =>
        {
            var now = time.GetUtcNow();
            var tally = book.TallyAt(now);
            pending.Set(tally.Pending);
            age.Set(tally.OldestPending is { } opened ? Math.Max(0, (now - opened).TotalSeconds) : 0);
            unknown.Set(tally.Unknown);
        });
    }

    /// <summary>Something was done or refused.</summary>
    public void Count(DisclosureCategory category, DisclosureOutcome outcome) =>
        _disclosures.WithLabels(DisclosureEntries.Name(category), DisclosureEntries.Name(outcome)).Inc();
}

/// <summary>What was done or refused about an order.</summary>
internal enum DisclosureOutcome
{
    /// <summary>It was opened.</summary>
    Opened,

    /// <summary>It was refused for its category.</summary>
    Refused,

    /// <summary>A second person approved it.</summary>
    Approved,

    /// <summary>Somebody else than who opened it rejected it.</summary>
    Rejected,

    /// <summary>Who opened it rejected it.</summary>
    Withdrawn,

    /// <summary>It was executed, and nothing was held.</summary>
    NothingHeld,

    /// <summary>It was executed, and something was held on some of those named.</summary>
    PartlyHeld,

    /// <summary>It was executed, and something was held on each.</summary>
    FullyHeld,

    /// <summary>It could not be executed, and may be again.</summary>
    Failed,

    /// <summary>A key was presented that is not the order's.</summary>
    WrongKey,

    /// <summary>Nobody but who opened it would have approved it, or nobody knows.</summary>
    SamePerson,
}
