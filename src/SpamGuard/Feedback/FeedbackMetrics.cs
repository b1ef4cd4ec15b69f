using Prometheus;
using SpamGuard.Policies;

namespace SpamGuard.Feedback;

/// <summary>
/// What an operator sees of feedback. Live precision is the share of spam among what each verdict was reported as; coverage is the share of
/// assessments on which a label came. Reports of callers that are not trusted are in neither: who may not teach may not grade.
/// </summary>
internal sealed class FeedbackMetrics
{
    /// <summary>The verdict of a report by address: none is known.</summary>
    public const string UnknownVerdict = "unknown";

    private readonly Counter _feedback;
    private readonly Counter _decisions;
    private readonly Counter _unapplied;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public FeedbackMetrics(IMetricFactory metrics)
    {
        _feedback = metrics.CreateCounter(
            "spamguard_feedback_total", "Outcomes reported, by label and by the verdict that was given.", ["label", "verdict"]);
        _decisions = metrics.CreateCounter(
            "spamguard_feedback_decisions_total",
            "Outcomes that were reported by decision token and counted: at least as many as decisions with an outcome that counted.",
            ["event_kind", "verdict"]);
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

        foreach (var kind in EventKinds.All)
        {
            foreach (var verdict in Verdicts.All)
            {
                _decisions.WithLabels(kind.Name(), verdict.Name());
            }
        }

        _unapplied.WithLabels("duplicate");
        _unapplied.WithLabels("state_expired");
        _unapplied.WithLabels("untrusted");
    }

    /// <summary>An outcome was reported and taken.</summary>
    /// <param name="label">Which.</param>
    /// <param name="decision">The decision that it was reported on; <c>null</c> for a report by address.</param>
    /// <param name="outcome">What that did.</param>
    public void Reported(OutcomeLabel label, Decision? decision, FeedbackOutcome outcome)
    {
        _feedback.WithLabels(label.Name(), decision?.Verdict.Name() ?? UnknownVerdict).Inc();
        if (outcome is FeedbackOutcome.Applied && decision is not null)
        {
            _decisions.WithLabels(decision.Footprint.Kind.Name(), decision.Verdict.Name()).Inc();
        }
        else if (outcome is FeedbackOutcome.Duplicate)
        {
            _unapplied.WithLabels("duplicate").Inc();
        }
        else if (outcome is FeedbackOutcome.StateExpired)
        {
            _unapplied.WithLabels("state_expired").Inc();
        }
    }

    /// <summary>A caller reported whose reports count nothing.</summary>
    public void Untrusted() => _unapplied.WithLabels("untrusted").Inc();
}
