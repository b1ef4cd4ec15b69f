using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Signals;
using SpamGuard.Storage;

namespace SpamGuard.Scoring;

/// <summary>
/// Answers without the store, as the failure policy of the event's kind says: by the records of this outage in the memory of this process, or
/// by a verdict that is fixed. Every answer is marked. Nothing of it is counted in the aggregates, which would carry it to the store.
/// </summary>
internal sealed class DegradedScorer(
    StoreHealth health, StoreClock clock, LiveOverrides overrides, TrafficAggregates aggregates, ScoringMetrics metrics)
{
    /// <summary>How long a caller is told to wait where no record says how long, in seconds: by then the store has been tried again.</summary>
    public const long RetryAfterSeconds = 2;

    /// <summary>Answers an event that the store did not count, or may have counted.</summary>
    /// <param name="prepared">The event.</param>
    /// <param name="outage">The outage that kept the store from answering.</param>
    /// <param name="caller">The calling service.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<ScoreOutcome> ScoreAsync(
        PreparedEvent prepared, StoreOutage outage, string caller, PolicyInForce policy, CancellationToken cancellationToken)
    {
        var rules = policy.For(prepared.Footprint.Kind);
        var isLocal = rules.Live.Failure.Answer == FailureAnswer.Local;

        // Under a fixed answer nothing is learned, and a retry is recognised all the same.
        var observed = isLocal ? prepared.Observed : prepared.Observed with { Items = [] };
        var reply = (await outage.Memory.ObserveAsync([observed], cancellationToken))[0];
        if (reply.Status == ReplyStatus.OtherEvent)
        {
            return ScoreFailure.RequestIdReused;
        }

        var footprint = ReplayContext.Footprint(prepared.Footprint, reply);
        var judgement = Settle(Judgement.Of(footprint, prepared.Live, reply, prepared.Wide, prepared.All, rules), footprint, rules.Live, outage);
        if (judgement.Replayed)
        {
            metrics.Replayed();
        }
        else
        {
            metrics.Scored(footprint.Kind, judgement, prepared.Scope == AddressScope.Private);
        }

        var decisionId = prepared.Observed.Replay is { } guard ? DecisionTokens.Id(prepared.Live, guard.Request, reply.Now) : (SubjectToken?)null;
        return (judgement with { DecisionId = decisionId }).Answer(footprint, prepared.Live, caller, prepared.Scope, policy.Revision);
    }

    /// <summary>Answers what <see cref="ScoreAsync"/> would, and counts nothing.</summary>
    public async ValueTask<ScoreOutcome> PreviewAsync(PreviewedEvent previewed, PolicyInForce policy, CancellationToken cancellationToken)
    {
        var outage = health.Failed();
        var footprint = previewed.Footprint;
        var rules = policy.For(footprint.Kind);
        var reply = rules.Live.Failure.Answer == FailureAnswer.Local
            ? new EventReply(
                ReplyStatus.Counted, previewed.Now, previewed.Records(await outage.Memory.ReadAsync(footprint.Keys(), cancellationToken), Quality.Degraded), default)
            : Nothing(previewed.Now);
        var (wide, all) = (aggregates.Wide(footprint.Wide, previewed.Now), aggregates.All(previewed.Now));
        metrics.Previewed();
        return previewed.Answer(Settle(Judgement.Of(footprint, previewed.Live, reply, wide, all, rules), footprint, rules.Live, outage), policy);
    }

    private static EventReply Nothing(long now) => new(ReplyStatus.Counted, now, default, default);

    // The verdict that the failure policy says. Caps hold: they are for events that must never be refused. What an operator said before the outage stays.
    private Judgement Settle(Judgement judged, EventFootprint footprint, ScoringPolicy policy, StoreOutage outage)
    {
        var failure = policy.Failure;
        var verdict = failure.Answer switch
        {
            FailureAnswer.Local => judged.Evidence.Verdict,
            FailureAnswer.Allow => Verdict.Allow,
            FailureAnswer.Challenge => Verdict.Challenge,
            FailureAnswer.Deny => Verdict.Deny,
            _ => throw new ArgumentOutOfRangeException(nameof(policy), failure.Answer, "A failure answer that is not known."),
        };
        var failsOpen = failure.Answer is FailureAnswer.Local or FailureAnswer.Allow;
        if (failsOpen && verdict < failure.AfterGrace && AgeAt(judged.Time, outage) > TimeSpan.FromSeconds(failure.GraceSeconds))
        {
            verdict = failure.AfterGrace;
        }

        verdict = SpamModel.Capped(verdict, footprint.Tags, policy);
        var modelled = failure.Answer == FailureAnswer.Local ? judged.RetryAfterSeconds : null; // a fixed verdict is not the records'
        return judged.WithoutStore(verdict, verdict >= Verdict.Throttle ? modelled ?? RetryAfterSeconds : null)
            .Under(overrides.Find(footprint.Subjects), clock.Now);
    }

    // How old the outage was at a time (unix seconds): a retry is answered as the first call was, even if the grace ended between the two.
    private TimeSpan AgeAt(long time, StoreOutage outage) => health.Age(outage) - TimeSpan.FromSeconds(Math.Max(0, clock.Now - time));
}
