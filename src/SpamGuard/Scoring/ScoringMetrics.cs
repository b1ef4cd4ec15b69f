using Prometheus;
using SpamGuard.Policies;

namespace SpamGuard.Scoring;

/// <summary>What an operator sees of scoring.</summary>
internal sealed class ScoringMetrics
{
    private readonly Counter.Child[] _assessments;
    private readonly Counter _reasonsByCode;
    private readonly Counter.Child[] _reasons;
    private readonly Counter _shadow;
    private readonly Counter _signalShadow;
    private readonly Counter.Child[] _overridden;
    private readonly Histogram _probability;
    private readonly Counter _replayed;
    private readonly Counter _previews;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public ScoringMetrics(IMetricFactory metrics)
    {
        var assessments = metrics.CreateCounter(
            "spamguard_assessments_total", "Events scored; previews and replays not included.", ["event_kind", "verdict", "quality"]);
        _assessments =
        [
            .. from kind in EventKinds.All
               from verdict in Verdicts.All
               from quality in Qualities.All
               select assessments.WithLabels(kind.Name(), verdict.Name(), quality.Name()),
        ];
        _reasonsByCode = metrics.CreateCounter("spamguard_reasons_total", "Reasons given for the events scored.", ["code"]);
        _reasons = [.. ReasonCodes.All.Select(code => _reasonsByCode.WithLabels(code))];
        var overridden = metrics.CreateCounter("spamguard_overridden_assessments_total", "Events scored whose verdict an operator had said.", ["verdict"]);
        _overridden = [.. Verdicts.All.Select(verdict => overridden.WithLabels(verdict.Name()))];
        _shadow = metrics.CreateCounter(
            "spamguard_shadow_assessments_total", "Events scored while a candidate policy ran in shadow, by both verdicts.", ["event_kind", "live", "candidate"]);
        _signalShadow = metrics.CreateCounter(
            "spamguard_shadow_signal_disagreements_total", "Events whose verdict would have been another if a signal in shadow counted.", ["code"]);
        foreach (var kind in EventKinds.All)
        {
            foreach (var live in Verdicts.All)
            {
                foreach (var candidate in Verdicts.All)
                {
                    _shadow.WithLabels(kind.Name(), live.Name(), candidate.Name());
                }
            }
        }

        foreach (var code in ReasonCodes.Signals)
        {
            _signalShadow.WithLabels(code);
        }

        _probability = metrics.CreateHistogram(
            "spamguard_spam_probability",
            "Probability of spam of the events scored, 0 to 1.",
            new HistogramConfiguration { Buckets = [.01, .02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99] });
        _replayed = metrics.CreateCounter("spamguard_replayed_requests_total", "Retries that were answered again and not counted again.");
        _previews = metrics.CreateCounter("spamguard_previews_total", "Previews answered.");
    }

    /// <summary>An event was scored and counted.</summary>
    public void Scored(EventKind kind, in Judgement judgement, bool isPrivate)
    {
        var (evidence, quality) = (judgement.Evidence, judgement.Quality);
        _assessments[((((int)kind * Verdicts.All.Count) + (int)judgement.Verdict) * Qualities.All.Count) + (int)quality].Inc();
        _probability.Observe(evidence.Probability);
        for (var code = 0; code < ReasonCodes.SignalCount; code++)
        {
            if (evidence.Values[code] != 0)
            {
                _reasons[code].Inc();
            }
        }

        foreach (var tag in evidence.Tags ?? [])
        {
            _reasonsByCode.WithLabels(tag.Code).Inc();
        }

        if (isPrivate)
        {
            _reasons[ReasonCodes.IndexOf(ReasonCodes.PrivateAddress)].Inc();
        }

        if (quality == Quality.Degraded)
        {
            _reasons[ReasonCodes.IndexOf(ReasonCodes.StoreAway)].Inc();
        }

        if (judgement.Override is { } said)
        {
            _reasons[ReasonCodes.IndexOf(ReasonCodes.OperatorOverride)].Inc();
            _overridden[(int)said.Verdict].Inc();
        }

        Compare(kind, judgement);
    }

    /// <summary>A retry was answered again.</summary>
    public void Replayed() => _replayed.Inc();

    /// <summary>A preview was answered.</summary>
    public void Previewed() => _previews.Inc();

    private void Compare(EventKind kind, in Judgement judgement)
    {
        var live = judgement.Evidence.Verdict;
        if (judgement.ShadowVerdict is { } candidate)
        {
            _shadow.WithLabels(kind.Name(), live.Name(), candidate.Name()).Inc();
        }

        foreach (var (signal, verdict) in judgement.SignalShadows)
        {
            if (verdict != live)
            {
                _signalShadow.WithLabels(signal.Name()).Inc();
            }
        }
    }
}
