using SpamGuard.Retention;

namespace SpamGuard.Desk;

/// <summary>What an emergency roll did.</summary>
/// <param name="Rolled">The epochs that were begun anew.</param>
/// <param name="Removed">The epochs whose record in the store was none, or was there or of a generation long before it may be: it was deleted.</param>
internal sealed record EpochRoll(IReadOnlyList<RolledEpoch> Rolled, IReadOnlyList<EpochId> Removed);
