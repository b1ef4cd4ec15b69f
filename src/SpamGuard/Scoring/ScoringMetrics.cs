using Prometheus;
using SpamGuard.Policies;
using SpamGuard.Signals;

namespace SpamGuard.Scoring;

/// <summary>What an operator sees of scoring.</summary>
internal sealed class ScoringMetrics
{
    private const string Full = "full";

    private readonly Counter.Child[] _assessments;
    private readonly Counter.Child[] _reasons;
    private readonly Histogram _probability;
    private readonly Counter _replayed;
    private readonly Counter _previews;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public ScoringMetrics(IMetricFactory metrics)
    {
        var assessments = metrics.CreateCounter(
            "spamguard_assessments_total", "Events scored; previews and replays not included.", ["event_kind", "verdict", "quality"]);
        _assessments = [.. EventKinds.All.SelectMany(_ => Verdicts.All, (kind, verdict) => assessments.WithLabels(kind.Name(), verdict.Name(), Full))];
        var reasons = metrics.CreateCounter("spamguard_reasons_total", "Reasons given for the events scored.", ["code"]);
        _reasons = [.. SignalCodes.All.Select(code => reasons.WithLabels(code))];
        _probability = metrics.CreateHistogram(
            "spamguard_spam_probability",
            "Probability of spam of the events scored, 0 to 1.",
            new HistogramConfiguration { Buckets = [.01, .02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99] });
        _replayed = metrics.CreateCounter("spamguard_replayed_requests_total", "Retries that were answered again and not counted again.");
        _previews = metrics.CreateCounter("spamguard_previews_total", "Previews answered.");
    }

    /// <summary>An event was scored and counted.</summary>
    public void Scored(EventKind kind, in Evidence evidence, bool isPrivate)
    {
        _assessments[((int)kind * Verdicts.All.Count) + (int)evidence.Verdict].Inc();
        _probability.Observe(evidence.Probability);
        for (var code = 0; code < SignalCodes.Count; code++)
        {
            if (evidence.Values[code] != 0)
            {
                _reasons[code].Inc();
            }
        }

        if (isPrivate)
        {
            _reasons[SignalCodes.IndexOf(Reason.PrivateAddress)].Inc();
        }
    }

    /// <summary>A retry was answered again.</summary>
    public void Replayed() => _replayed.Inc();

    /// <summary>A preview was answered.</summary>
    public void Previewed() => _previews.Inc();
}
