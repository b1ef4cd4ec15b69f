using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Storage;
using SpamGuard.Tags;

namespace SpamGuard.Scoring;

/// <summary>Judges events and counts nothing: a plain read of the store, at this process' corrected clock.</summary>
internal sealed class SpamPreviewer(
    ISignalStore store,
    EpochKeeper epochs,
    StoreClock clock,
    LiveTags tags,
    DecisionTokens tokens,
    TrafficAggregates aggregates,
    PolicySource policies,
    ScoringMetrics metrics)
{
    /// <summary>The answer that <see cref="SpamScorer.ScoreAsync"/> would give now.</summary>
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

        var policy = policies.Current;
        var rules = policy.For(spamEvent.Kind).Live;
        var footprint = EventFootprint.Of(
            spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, tags.Current.Of(spamEvent.Address), live, rules);
        var subject = new Subject(footprint, live, caller, now, scope, DecisionId: null);
        return TestVerdicts.Of(spamEvent.Address, rules) is { } evidence
            ? subject.Answer(Judgement.Fixed(evidence, now), policy)
            : await PreviewAsync(subject, policy, cancellationToken);
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

        var policy = policies.Current;
        var footprint = decision.Footprint.Priced(policy.For(decision.Footprint.Kind).Live);
        if (TestVerdicts.Of(decision) is { } evidence)
        {
            return new Subject(footprint, then, caller, now, AddressScope.Public, decision.Id).Answer(Judgement.Fixed(evidence, now), policy);
        }

        var scope = decision.HasReason(ReasonCodes.PrivateAddress) ? AddressScope.Private : AddressScope.Public;
        return await PreviewAsync(new Subject(footprint, then, caller, now, scope, decision.Id), policy, cancellationToken);
    }

    private async ValueTask<ScoreOutcome> PreviewAsync(Subject subject, PolicyInForce policy, CancellationToken cancellationToken)
    {
        var footprint = subject.Footprint;
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
        var reply = new EventReply(ReplyStatus.Counted, subject.Now, records, default);
        var (wide, all) = (aggregates.Wide(footprint.Wide, subject.Now), aggregates.All(subject.Now));
        return subject.Answer(Judgement.Of(footprint, subject.Live, reply, wide, all, policy.For(footprint.Kind)), policy);
    }

    /// <summary>What is previewed.</summary>
    private readonly record struct Subject(
        EventFootprint Footprint, LiveEpochs Live, string Caller, long Now, AddressScope Scope, SubjectToken? DecisionId)
    {
        public Assessment Answer(Judgement judgement, PolicyInForce policy) =>
            (judgement with { DecisionId = DecisionId }).Answer(Footprint, Live, Caller, Scope, policy.Revision);
    }
}
