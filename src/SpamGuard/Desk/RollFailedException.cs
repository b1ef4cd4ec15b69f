using System.Text.Json.Nodes;
using SpamGuard.Desk.Ledger;
using SpamGuard.Retention;

namespace SpamGuard.Desk;

/// <summary>Not every epoch that was to be rolled is known to be; each was tried.</summary>
/// <param name="done">What was done.</param>
/// <param name="failed">The epochs that may not be rolled.</param>
/// <param name="reason">Why.</param>
/// <param name="outcome">What the ledger is told.</param>
/// <param name="mayBeDone">Whether some epoch is rolled, or may be.</param>
internal sealed class RollFailedException(EpochRoll done, IReadOnlyList<EpochId> failed, string reason, JsonObject outcome, bool mayBeDone) : Exception(reason), IFailedAct
{
    /// <summary>What was done.</summary>
    public EpochRoll Done { get; } = done;

    /// <summary>The epochs that may not be rolled.</summary>
    public IReadOnlyList<EpochId> Failed { get; } = failed;

    /// <inheritdoc/>
    public JsonObject Outcome { get; } = outcome;

    /// <inheritdoc/>
    public bool MayBeDone { get; } = mayBeDone;
}
