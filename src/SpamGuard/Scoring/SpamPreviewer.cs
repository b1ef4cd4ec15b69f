using SpamGuard.Addresses;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Storage;
using SpamGuard.Tags;

namespace SpamGuard.Scoring;

/// <summary>Judges events and counts nothing: a plain read of the store, at this process' corrected clock.</summary>
internal sealed class SpamPreviewer(
    ISignalStore store,
    EpochKeeper epochs,
    LocalEpochs salts,
    StoreClock clock,
    StoreHealth health,
    LiveTags tags,
    LiveOverrides overrides,
    DecisionTokens tokens,
    TrafficAggregates aggregates,
    PolicySource policies,
    ScoringMetrics metrics,
    DegradedScorer degraded)
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
        var live = epochs.Live(now) ?? await salts.LiveAsync(now, cancellationToken);
        var policy = policies.Current;
        var rules = policy.For(spamEvent.Kind).Live;
        var footprint = EventFootprint.Of(
            spamEvent.Kind, spamEvent.Address, spamEvent.Account, spamEvent.Content, tags.Current.Of(spamEvent.Address), live, rules);
        var previewed = new PreviewedEvent(footprint, live, caller, now, scope, Decision: null);
        return TestVerdicts.Of(spamEvent.Address, rules) is { } evidence
            ? previewed.Answer(Judgement.Fixed(evidence, now), policy)
            : await PreviewAsync(previewed, policy, cancellationToken);
    }

    /// <summary>
    /// Judges an earlier event again, by its decision token: a sign-up that waits, or a form sent again after its challenge. It reads the two
    /// epochs that the token holds; after an edge, nothing newer. An event that was counted is no evidence against itself. A report by the new token
    /// and one by the old are one report.
    /// </summary>
    /// <remarks>
    /// Only for whoever asked first. The answer follows what is counted at the event's widths, so that whoever can count too would find by
    /// a search, width by width, from which address a token of somebody else came.
    /// </remarks>
    public async ValueTask<ScoreOutcome> PreviewAsync(string decisionToken, string caller, CancellationToken cancellationToken)
    {
        switch (tokens.Open(decisionToken, out var decision))
        {
            case TokenState.Invalid:
                return ScoreFailure.TokenInvalid;
            case TokenState.Expired:
                return ScoreFailure.TokenExpired;
            case TokenState.Unknown:
                return ScoreFailure.StoreUnavailable;
        }

        if (!string.Equals(decision!.Caller, caller, StringComparison.Ordinal))
        {
            return ScoreFailure.TokenOfAnotherCaller;
        }

        var now = clock.Now;
        if ((epochs.At(decision.AddressEpoch, decision.NetworkEpoch, now) ?? salts.At(decision.AddressEpoch, decision.NetworkEpoch, now)) is not { } then)
        {
            return ScoreFailure.StoreUnavailable;
        }

        var policy = policies.Current;
        var footprint = decision.Footprint.Priced(policy.For(decision.Footprint.Kind).Live);
        if (TestVerdicts.Of(decision) is { } evidence)
        {
            return new PreviewedEvent(footprint, then, caller, now, AddressScope.Public, decision).Answer(Judgement.Fixed(evidence, now), policy);
        }

        var scope = decision.HasReason(ReasonCodes.PrivateAddress) ? AddressScope.Private : AddressScope.Public;
        return await PreviewAsync(new PreviewedEvent(footprint, then, caller, now, scope, decision), policy, cancellationToken);
    }

    private async ValueTask<ScoreOutcome> PreviewAsync(PreviewedEvent previewed, PolicyInForce policy, CancellationToken cancellationToken)
    {
        var (footprint, now) = (previewed.Footprint, previewed.Now);
        if (clock.IsSkewed || epochs.Live(now) is null)
        {
            return await degraded.PreviewAsync(previewed, policy, cancellationToken);
        }

        RecordPair[] records;
        try
        {
            records = previewed.Records(await store.ReadAsync(footprint.Keys(), cancellationToken), Quality.Full);
            health.Answered();
        }
        catch (StoreException)
        {
            return await degraded.PreviewAsync(previewed, policy, cancellationToken); // metered at the store
        }

        metrics.Previewed();
        var reply = new EventReply(ReplyStatus.Counted, now, records, default);
        var (wide, all) = (aggregates.Wide(footprint.Wide, now), aggregates.All(now));
        var judgement = Judgement.Of(footprint, previewed.Live, reply, wide, all, policy.For(footprint.Kind));
        return previewed.Answer(judgement.Under(overrides.Find(footprint.Subjects), now), policy);
    }
}
