using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Records;
using SpamGuard.Storage;

namespace SpamGuard.Scoring;

/// <summary>An event between its hash and what is known of it.</summary>
/// <param name="Footprint">The event.</param>
/// <param name="Live">The epochs that it was hashed in.</param>
/// <param name="Scope">What kind of address it came from.</param>
/// <param name="Wide">Counts of its /8 or IPv6 /24.</param>
/// <param name="All">Counts over all messages.</param>
/// <param name="Observed">The event as the store counts it.</param>
internal readonly record struct PreparedEvent(
    EventFootprint Footprint, LiveEpochs Live, AddressScope Scope, FadingCounts Wide, FadingCounts All, ObservedEvent Observed);
