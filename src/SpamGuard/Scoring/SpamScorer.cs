using System.Runtime.CompilerServices;
using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Signals;
using SpamGuard.Storage;

namespace SpamGuard.Scoring;

/// <summary>Judges events. The hot path is <see cref="ScoreAsync"/>, top to bottom.</summary>
internal sealed class SpamScorer(
    ISignalStore store,
    EpochKeeper epochs,
    StoreClock clock,
    DecisionTokens tokens,
    TrafficAggregates aggregates,
    ScoringPolicy policy,
    ScoringMetrics metrics)
{
    private readonly string _revision = policy.Revision();

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

        var footprint = EventFootprint.Of(spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, live, policy);
        if (TestVerdicts.Of(spamEvent.Address, policy) is { } evidence)
        {
            return Answer(footprint, live, caller, Judgement.Fixed(evidence, now), scope);
        }

        // 3 aggregates
        var (wide, all) = (aggregates.Wide(footprint.Wide, now), aggregates.All(now));

        // 4 one script call
        var guard = requestId is { } id ? ReplayContext.Guard(spamEvent, caller, id, footprint, live, wide, all) : null;
        EventReply reply;
        try
        {
            reply = (await store.ObserveAsync([new ObservedEvent(footprint.Items(), guard)], cancellationToken))[0];
        }
        catch (StoreException)
        {
            return ScoreFailure.StoreUnavailable; // metered at the store
        }

        if (reply.Status == ReplyStatus.OtherEvent)
        {
            return ScoreFailure.RequestIdReused;
        }

        // 5 evidence
        var judgement = Judge(footprint, live, reply, wide, all);

        // 6 count
        if (judgement.Replayed)
        {
            metrics.Replayed();
        }
        else
        {
            aggregates.CountEvent(footprint.Wide, judgement.RegionUnits, spamEvent.Kind == EventKind.Message, reply.Now);
            metrics.Scored(spamEvent.Kind, judgement.Evidence, scope == AddressScope.Private);
        }

        // 7 answer
        var decisionId = guard is null ? (SubjectToken?)null : DecisionTokens.Id(live, guard.Request, reply.Now);
        return Answer(footprint, live, caller, judgement with { DecisionId = decisionId }, scope);
    }

    /// <summary>The answer that <see cref="ScoreAsync"/> would give now; nothing is counted.</summary>
    public async ValueTask<ScoreOutcome> PreviewAsync(SpamEvent spamEvent, string caller, CancellationToken cancellationToken)
    {
        var scope = spamEvent.Address.Scope;
        if (scope == AddressScope.Unusable)
        {
            return ScoreFailure.UnusableAddress;
        }

        var now = clock.Now;
        if (epochs.Live(now) is not { } live)
        {
            return ScoreFailure.StoreUnavailable;
        }

        var footprint = EventFootprint.Of(spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, live, policy);
        return TestVerdicts.Of(spamEvent.Address, policy) is { } evidence
            ? Answer(footprint, live, caller, Judgement.Fixed(evidence, now), scope)
            : await PreviewAsync(footprint, live, caller, now, scope, decisionId: null, cancellationToken);
    }

    /// <summary>
    /// Judges an earlier event again, by its decision token: a sign-up that waits, or a form sent again after its challenge. It reads the two
    /// epochs that the token holds; after an edge, nothing newer. A report by the new token and one by the old are one report.
    /// </summary>
    public async ValueTask<ScoreOutcome> PreviewAsync(string decisionToken, string caller, CancellationToken cancellationToken)
    {
        switch (tokens.Open(decisionToken, out var decision))
        {
            case TokenState.Invalid:
                return ScoreFailure.TokenInvalid;
            case TokenState.Expired:
                return ScoreFailure.TokenExpired;
        }

        var now = clock.Now;
        if (epochs.At(decision!.AddressEpoch, decision.NetworkEpoch, now) is not { } then)
        {
            return ScoreFailure.StoreUnavailable;
        }

        var footprint = decision.Footprint.Priced(policy);
        if (TestVerdicts.Of(decision) is { } evidence)
        {
            return Answer(footprint, then, caller, Judgement.Fixed(evidence, now) with { DecisionId = decision.Id }, AddressScope.Public);
        }

        var scope = decision.HasReason(Reason.PrivateAddress) ? AddressScope.Private : AddressScope.Public;
        return await PreviewAsync(footprint, then, caller, now, scope, decision.Id, cancellationToken);
    }

    private async ValueTask<ScoreOutcome> PreviewAsync(
        EventFootprint footprint, LiveEpochs live, string caller, long now, AddressScope scope, SubjectToken? decisionId, CancellationToken cancellationToken)
    {
        RecordPair[] records;
        try
        {
            records = footprint.Pair(await store.ReadAsync(footprint.Keys(), cancellationToken));
        }
        catch (StoreException)
        {
            return ScoreFailure.StoreUnavailable; // metered at the store
        }

        metrics.Previewed();
        var reply = new EventReply(ReplyStatus.Counted, now, records, default);
        var judgement = Judge(footprint, live, reply, aggregates.Wide(footprint.Wide, now), aggregates.All(now));
        return Answer(footprint, live, caller, judgement with { DecisionId = decisionId }, scope);
    }

    private Judgement Judge(EventFootprint footprint, LiveEpochs live, EventReply reply, FadingCounts wide, FadingCounts all)
    {
        var replayed = reply.Status == ReplyStatus.Replayed;
        var situation = replayed ? ReplayContext.Restore(footprint, reply) : footprint.Situate(reply.Now, reply.Records, wide, all);
        var evidence = SpamModel.Judge(situation, policy);
        var levels = LevelEvidence.Of(footprint, live, situation);
        var regionUnits = situation.Count(); // this event counted, as the store has done
        var retryAfter = evidence.Verdict >= Verdict.Throttle ? RetryAfter.Seconds(situation, footprint.ExpireTime, policy) : (long?)null;
        return new Judgement(evidence, reply.Now) { Levels = levels, RegionUnits = regionUnits, RetryAfterSeconds = retryAfter, Replayed = replayed };
    }

    private Assessment Answer(EventFootprint footprint, LiveEpochs live, string caller, in Judgement judgement, AddressScope scope)
    {
        var reasons = judgement.IsFixed ? [new Reason(Reason.TestAddress, judgement.Evidence.LogOdds)] : judgement.Evidence.Reasons();
        if (scope == AddressScope.Private)
        {
            reasons = [.. reasons, new Reason(Reason.PrivateAddress, 0)];
        }

        return new Assessment(footprint, live, caller, judgement.DecisionId)
        {
            Time = judgement.Time,
            Verdict = judgement.Evidence.Verdict,
            SpamProbability = judgement.Evidence.Probability,
            Reasons = reasons,
            RetryAfterSeconds = judgement.RetryAfterSeconds,
            PolicyRevision = _revision,
            Replayed = judgement.Replayed,
            Evidence = judgement.Levels,
        };
    }

    /// <summary>What the model said of an event, and what else the answer needs.</summary>
    private readonly record struct Judgement(Evidence Evidence, long Time)
    {
        /// <summary>Whether it is a test address' and nothing was looked at.</summary>
        public bool IsFixed { get; private init; }

        /// <summary>How much is known per level.</summary>
        public IReadOnlyList<LevelEvidence> Levels { get; init; } = [];

        /// <summary>Units that the event added at its region.</summary>
        public int RegionUnits { get; init; }

        /// <summary>For THROTTLE and DENY.</summary>
        public long? RetryAfterSeconds { get; init; }

        /// <summary>Whether it is the answer to a retry.</summary>
        public bool Replayed { get; init; }

        /// <summary>Identifies the decision, where a retry or an earlier token speaks of it too.</summary>
        public SubjectToken? DecisionId { get; init; }

        /// <summary>The fixed judgement of a test address.</summary>
        public static Judgement Fixed(in Evidence evidence, long now) => new(evidence, now)
        {
            IsFixed = true,
            RetryAfterSeconds = evidence.Verdict >= Verdict.Throttle ? TestVerdicts.RetryAfterSeconds : null,
        };
    }
}
