using System.Buffers;
using System.Runtime.CompilerServices;
using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Storage;
using SpamGuard.Tags;

namespace SpamGuard.Scoring;

/// <summary>Counts events and judges them. The hot path is <see cref="ScoreAsync"/>, top to bottom.</summary>
internal sealed class SpamScorer(
    ISignalStore store,
    EpochKeeper epochs,
    LocalEpochs salts,
    StoreClock clock,
    StoreHealth health,
    LiveTags tags,
    LiveOverrides overrides,
    TrafficAggregates aggregates,
    PolicySource policies,
    ScoringMetrics metrics,
    DegradedScorer degraded)
{
    /// <summary>
    /// Counts an event and judges it by what was known before it, in one round trip to the store:
    /// <list type="number">
    /// <item>refuse what no event can come from;</item>
    /// <item>hash the event under the live epochs: from here on there is no address;</item>
    /// <item>read the aggregates;</item>
    /// <item>→ one script call counts the event and answers the records as they were; a retry is answered what the first call was;</item>
    /// <item>records to evidence, evidence to verdict and reasons: pure; but an operator's verdict stands in for the model's;</item>
    /// <item>count aggregates and metrics, unless it was a retry;</item>
    /// <item>← seal the decision token and answer.</item>
    /// </list>
    /// Where the store can't be used, <see cref="DegradedScorer"/> answers instead of steps 4 to 7.
    /// </summary>
    /// <param name="spamEvent">The event.</param>
    /// <param name="caller">The calling service.</param>
    /// <param name="requestId">Makes a retry within a minute count nothing and be answered the same.</param>
    /// <param name="cancellationToken">Stops waiting; whether the event was counted is then unknown.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ScoreOutcome> ScoreAsync(SpamEvent spamEvent, string caller, Guid? requestId, CancellationToken cancellationToken)
    {
        var policy = policies.Current;
        var now = clock.Now;
        var known = epochs.Live(now);
        var live = known ?? await salts.LiveAsync(now, cancellationToken);
        if (Prepare(spamEvent, caller, requestId, policy, live, now, out var prepared) is { } early) // steps 1 to 3
        {
            return early;
        }

        if (IsUsable(known))
        {
            try
            {
                var reply = (await store.ObserveAsync([prepared.Observed], cancellationToken))[0]; // step 4
                health.Answered();
                if (Conclude(prepared, reply, caller, policy) is { } outcome) // steps 5 to 7
                {
                    return outcome;
                }
            }
            catch (StoreException)
            {
                // metered at the store
            }
        }

        return await degraded.ScoreAsync(prepared, health.Failed(), caller, policy, cancellationToken);
    }

    /// <summary>
    /// Scores events like <see cref="ScoreAsync"/> does, all in one call to the store. Events on one subject see each other in order. What they
    /// add to the aggregates none of them sees, and no verdict differs by it: the model reads a day's events there on the next day.
    /// </summary>
    /// <param name="events">The events, each with its request id or without.</param>
    /// <param name="caller">The calling service.</param>
    /// <param name="cancellationToken">Stops waiting; which events were counted is then unknown.</param>
    /// <returns>An outcome per event, in the same order.</returns>
    public async ValueTask<ScoreOutcome[]> ScoreBatchAsync(
        IReadOnlyList<(SpamEvent Event, Guid? RequestId)> events, string caller, CancellationToken cancellationToken)
    {
        var policy = policies.Current;
        var now = clock.Now;
        var known = epochs.Live(now);
        var live = known ?? await salts.LiveAsync(now, cancellationToken);
        var outcomes = new ScoreOutcome[events.Count];
        var prepared = ArrayPool<PreparedEvent>.Shared.Rent(events.Count);
        var observed = new List<ObservedEvent>(events.Count); // of those that are neither refused nor answered by now, in order
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (Prepare(events[i].Event, caller, events[i].RequestId, policy, live, now, out prepared[i]) is { } early)
            {
                outcomes[i] = early;
            }
            else
            {
                observed.Add(prepared[i].Observed);
            }
        }

        EventReply[]? replies = null;
        if (observed.Count > 0 && IsUsable(known))
        {
            try
            {
                replies = await store.ObserveAsync(observed, cancellationToken);
                health.Answered();
            }
            catch (StoreException)
            {
                // metered at the store
            }
        }

        StoreOutage? outage = null;
        for (int i = 0, next = 0; i < outcomes.Length; i++)
        {
            if (prepared[i].Observed is null)
            {
                continue;
            }

            outcomes[i] = (replies is null ? null : Conclude(prepared[i], replies[next++], caller, policy))
                ?? await degraded.ScoreAsync(prepared[i], outage ??= health.Failed(), caller, policy, cancellationToken);
        }

        ArrayPool<PreparedEvent>.Shared.Return(prepared, clearArray: true);
        return outcomes;
    }

    // Under a skewed clock nothing is written: one of the two clocks is wrong.
    private bool IsUsable(LiveEpochs? known) => known is not null && !clock.IsSkewed;

    private ScoreOutcome? Prepare(
        SpamEvent spamEvent, string caller, Guid? requestId, PolicyInForce policy, LiveEpochs live, long now, out PreparedEvent prepared)
    {
        prepared = default;

        // 1 refuse
        var scope = spamEvent.Address.Scope;
        if (scope == AddressScope.Unusable)
        {
            return ScoreFailure.UnusableAddress;
        }

        // 2 hash
        var rules = policy.For(spamEvent.Kind);
        var footprint = EventFootprint.Of(
            spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, tags.Current.Of(spamEvent.Address), live, rules.Live);
        if (TestVerdicts.Of(spamEvent.Address, rules.Live) is { } evidence)
        {
            return Judgement.Fixed(evidence, now).Answer(footprint, live, caller, scope, policy.Revision);
        }

        // 3 aggregates
        var (wide, all) = (aggregates.Wide(footprint.Wide, now), aggregates.All(now));

        var guard = requestId is { } id ? ReplayContext.Guard(spamEvent, caller, id, footprint, live, wide, all) : null;
        prepared = new PreparedEvent(footprint, live, scope, wide, all, new ObservedEvent(footprint.Subjects, guard));
        return null;
    }

    // null where what the first call of a retry left in the store can't be read.
    private ScoreOutcome? Conclude(in PreparedEvent prepared, EventReply reply, string caller, PolicyInForce policy)
    {
        var (footprint, live) = (prepared.Footprint, prepared.Live);
        if (reply.Status == ReplyStatus.OtherEvent)
        {
            return ScoreFailure.RequestIdReused;
        }

        // 5 evidence
        Judgement judgement;
        try
        {
            footprint = ReplayContext.Footprint(footprint, reply);
            judgement = Judgement.Of(footprint, live, reply, prepared.Wide, prepared.All, policy.For(footprint.Kind))
                .Under(overrides.Find(footprint.Subjects), clock.Now);
        }
        catch (StoreException)
        {
            return null;
        }

        // 6 count
        if (judgement.Replayed)
        {
            metrics.Replayed();
        }
        else
        {
            aggregates.CountEvent(footprint.Wide, judgement.RegionUnits, footprint.Kind == EventKind.Message, reply.Now);
            metrics.Scored(footprint.Kind, judgement, prepared.Scope == AddressScope.Private);
        }

        // 7 answer
        var decisionId = prepared.Observed.Replay is { } guard ? DecisionTokens.Id(live, guard.Request, reply.Now) : (SubjectToken?)null;
        return (judgement with { DecisionId = decisionId }).Answer(footprint, live, caller, prepared.Scope, policy.Revision);
    }
}
