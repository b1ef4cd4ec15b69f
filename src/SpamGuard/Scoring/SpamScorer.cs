using System.Runtime.CompilerServices;
using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Storage;
using SpamGuard.Tags;

namespace SpamGuard.Scoring;

/// <summary>Counts events and judges them. The hot path is <see cref="ScoreAsync"/>, top to bottom.</summary>
internal sealed class SpamScorer(
    ISignalStore store,
    EpochKeeper epochs,
    StoreClock clock,
    LiveTags tags,
    TrafficAggregates aggregates,
    PolicySource policies,
    ScoringMetrics metrics)
{
    /// <summary>
    /// Counts an event and judges it by what was known before it, in one round trip to the store:
    /// <list type="number">
    /// <item>refuse what no event can come from;</item>
    /// <item>hash the event under the live epochs: from here on there is no address;</item>
    /// <item>read the aggregates;</item>
    /// <item>→ one script call counts the event and answers the records as they were; a retry is answered what the first call was;</item>
    /// <item>records to evidence, evidence to verdict and reasons: pure;</item>
    /// <item>count aggregates and metrics, unless it was a retry;</item>
    /// <item>← seal the decision token and answer.</item>
    /// </list>
    /// </summary>
    /// <param name="spamEvent">The event.</param>
    /// <param name="caller">The calling service.</param>
    /// <param name="requestId">Makes a retry within a minute count nothing and be answered the same.</param>
    /// <param name="cancellationToken">Stops waiting; whether the event was counted is then unknown.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ScoreOutcome> ScoreAsync(SpamEvent spamEvent, string caller, Guid? requestId, CancellationToken cancellationToken)
    {
        var policy = policies.Current;
        if (Prepare(spamEvent, caller, requestId, policy, out var prepared) is { } early) // steps 1 to 3
        {
            return early;
        }

        EventReply reply;
        try
        {
            reply = (await store.ObserveAsync([prepared.Observed], cancellationToken))[0]; // step 4
        }
        catch (StoreException)
        {
            return ScoreFailure.StoreUnavailable; // metered at the store
        }

        return Conclude(prepared, reply, caller, policy); // steps 5 to 7
    }

    /// <summary>
    /// Scores events like <see cref="ScoreAsync"/> does, all in one call to the store. Events on one subject see each other in order; what they
    /// add to the aggregates, none of them sees.
    /// </summary>
    /// <param name="events">The events, each with its request id or without.</param>
    /// <param name="caller">The calling service.</param>
    /// <param name="cancellationToken">Stops waiting; which events were counted is then unknown.</param>
    /// <returns>An outcome per event, in the same order.</returns>
    public async ValueTask<ScoreOutcome[]> ScoreBatchAsync(
        IReadOnlyList<(SpamEvent Event, Guid? RequestId)> events, string caller, CancellationToken cancellationToken)
    {
        var policy = policies.Current;
        var outcomes = new ScoreOutcome[events.Count];
        var prepared = new List<(int Index, Prepared Event)>(events.Count);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (Prepare(events[i].Event, caller, events[i].RequestId, policy, out var one) is { } early)
            {
                outcomes[i] = early;
            }
            else
            {
                prepared.Add((i, one));
            }
        }

        if (prepared.Count == 0)
        {
            return outcomes;
        }

        EventReply[] replies;
        try
        {
            replies = await store.ObserveAsync(prepared.ConvertAll(static one => one.Event.Observed), cancellationToken);
        }
        catch (StoreException)
        {
            foreach (var (index, _) in prepared)
            {
                outcomes[index] = ScoreFailure.StoreUnavailable; // metered at the store
            }

            return outcomes;
        }

        for (var i = 0; i < replies.Length; i++)
        {
            outcomes[prepared[i].Index] = Conclude(prepared[i].Event, replies[i], caller, policy);
        }

        return outcomes;
    }

    private ScoreOutcome? Prepare(SpamEvent spamEvent, string caller, Guid? requestId, PolicyInForce policy, out Prepared prepared)
    {
        prepared = default;

        // 1 refuse
        var scope = spamEvent.Address.Scope;
        if (scope == AddressScope.Unusable)
        {
            return ScoreFailure.UnusableAddress;
        }

        // 2 hash
        var now = clock.Now;
        if (clock.IsSkewed || epochs.Live(now) is not { } live)
        {
            return ScoreFailure.StoreUnavailable;
        }

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
        prepared = new Prepared(footprint, live, scope, wide, all, new ObservedEvent(footprint.Items(), guard));
        return null;
    }

    private ScoreOutcome Conclude(in Prepared prepared, EventReply reply, string caller, PolicyInForce policy)
    {
        var (footprint, live) = (prepared.Footprint, prepared.Live);
        if (reply.Status == ReplyStatus.OtherEvent)
        {
            return ScoreFailure.RequestIdReused;
        }

        // 5 evidence
        var judgement = Judgement.Of(footprint, live, reply, prepared.Wide, prepared.All, policy.For(footprint.Kind));

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

    /// <summary>An event between its hash and the store's answer.</summary>
    private readonly record struct Prepared(
        EventFootprint Footprint, LiveEpochs Live, AddressScope Scope, FadingCounts Wide, FadingCounts All, ObservedEvent Observed);
}
