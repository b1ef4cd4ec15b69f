using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Storage;

namespace SpamGuard.Scoring;

/// <summary>What is previewed.</summary>
/// <param name="Footprint">The event.</param>
/// <param name="Live">The epochs that it was hashed in.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Now">When, in unix seconds of the corrected clock.</param>
/// <param name="Scope">What kind of address it came from.</param>
/// <param name="Decision">The decision that is looked at again; <c>null</c> for an event.</param>
internal readonly record struct PreviewedEvent(
    EventFootprint Footprint, LiveEpochs Live, string Caller, long Now, AddressScope Scope, Decision? Decision)
{
    /// <summary>What was read of its subjects, without the event itself where it was counted there.</summary>
    /// <param name="records">As read by the keys of <see cref="Footprint"/>.</param>
    /// <param name="quality">Where they were read: of the store's records <see cref="Quality.Full"/>, of an outage's memory <see cref="Quality.Degraded"/>.</param>
    public RecordPair[] Records(SignalRecord[] records, Quality quality)
    {
        var pairs = Footprint.Pair(records);
        return Decision is { IsPreview: false } counted && counted.HasReason(ReasonCodes.StoreAway) == (quality == Quality.Degraded) ? Footprint.WithoutThis(pairs) : pairs;
    }

    /// <summary>The answer.</summary>
    public Assessment Answer(Judgement judgement, PolicyInForce policy) =>
        (judgement with { DecisionId = Decision?.Id, IsPreview = true }).Answer(Footprint, Live, Caller, Scope, policy.Revision);
}
