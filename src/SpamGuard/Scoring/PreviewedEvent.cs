using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Policies;

namespace SpamGuard.Scoring;

/// <summary>What is previewed.</summary>
/// <param name="Footprint">The event.</param>
/// <param name="Live">The epochs that it was hashed in.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Now">When, in unix seconds of the corrected clock.</param>
/// <param name="Scope">What kind of address it came from.</param>
/// <param name="DecisionId">The id of the decision that is looked at again; <c>null</c> for an event.</param>
internal readonly record struct PreviewedEvent(
    EventFootprint Footprint, LiveEpochs Live, string Caller, long Now, AddressScope Scope, SubjectToken? DecisionId)
{
    /// <summary>The answer.</summary>
    public Assessment Answer(Judgement judgement, PolicyInForce policy) =>
        (judgement with { DecisionId = DecisionId, IsPreview = true }).Answer(Footprint, Live, Caller, Scope, policy.Revision);
}
