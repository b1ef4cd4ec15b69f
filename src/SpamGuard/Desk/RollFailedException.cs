using SpamGuard.Retention;

namespace SpamGuard.Desk;

/// <summary>Not every epoch that was to be rolled is known to be.</summary>
/// <param name="rolled">Those that are.</param>
/// <param name="failed">The first that may not be; those after it were not tried.</param>
/// <param name="reason">Why.</param>
internal sealed class RollFailedException(IReadOnlyList<RolledEpoch> rolled, EpochId failed, string reason) : Exception(reason)
{
    /// <summary>Those that are rolled.</summary>
    public IReadOnlyList<RolledEpoch> Rolled { get; } = rolled;

    /// <summary>The first that may not be; those after it were not tried.</summary>
    public EpochId Failed { get; } = failed;
}
