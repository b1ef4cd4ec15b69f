using Prometheus;
using SpamGuard.Policies;

namespace SpamGuard.Feedback;

/// <summary>What an operator sees of feedback: live precision is the share of spam among what each verdict was reported as.</summary>
internal sealed class FeedbackMetrics
{
    /// <summary>The verdict of a report by address: none is known.</summary>
    public const string UnknownVerdict = "unknown";

    private readonly Counter _feedback;
    private readonly Counter _unapplied;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public FeedbackMetrics(IMetricFactory metrics)
    {
        _feedback = metrics.CreateCounter(
            "spamguard_feedback_total", "Outcomes reported, by label and by the verdict that was given.", ["label", "verdict"]);
        _unapplied = metrics.CreateCounter(
            "spamguard_feedback_unapplied_total", "Outcomes that counted nothing, by why.", ["reason"]);
        foreach (var label in OutcomeLabels.All)
        {
            foreach (var verdict in Verdicts.All)
            {
                _feedback.WithLabels(label.Name(), verdict.Name());
            }

            _feedback.WithLabels(label.Name(), UnknownVerdict);
        }

        _unapplied.WithLabels("duplicate");
        _unapplied.WithLabels("state_expired");
    }

    /// <summary>An outcome was reported and taken.</summary>
    public void Reported(OutcomeLabel label, Verdict? verdict, FeedbackOutcome outcome)
    {
        _feedback.WithLabels(label.Name(), verdict?.Name() ?? UnknownVerdict).Inc();
        if (outcome is FeedbackOutcome.Duplicate)
        {
            _unapplied.WithLabels("duplicate").Inc();
        }
        else if (outcome is FeedbackOutcome.StateExpired)
        {
            _unapplied.WithLabels("state_expired").Inc();
        }
    }
}
