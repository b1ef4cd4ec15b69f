using Prometheus;

namespace SpamGuard.Tests.Feedback;

/// <summary>Reads the series of the feedback's metrics.</summary>
internal static class FeedbackSeries
{
    public static double Feedback(this OfflineSpamGuard guard, string label, string verdict) =>
        Value(guard, "spamguard_feedback_total", ["label", "verdict"], label, verdict);

    public static double FeedbackDecisions(this OfflineSpamGuard guard, string kind, string verdict) =>
        Value(guard, "spamguard_feedback_decisions_total", ["event_kind", "verdict"], kind, verdict);

    public static double Unapplied(this OfflineSpamGuard guard, string reason) =>
        Value(guard, "spamguard_feedback_unapplied_total", ["reason"], reason);

    // The registry gives the instrument that is there already; other names of labels fail.
    private static double Value(OfflineSpamGuard guard, string name, string[] labels, params string[] values) =>
        Metrics.WithCustomRegistry(guard.Registry).CreateCounter(name, string.Empty, labels).WithLabels(values).Value;
}
