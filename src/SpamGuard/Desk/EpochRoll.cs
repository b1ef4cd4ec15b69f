using System.Globalization;
using System.Text.Json.Nodes;
using SpamGuard.Retention;

namespace SpamGuard.Desk;

/// <summary>What an emergency roll did.</summary>
/// <param name="Rolled">The epochs that were begun anew.</param>
/// <param name="Removed">The epochs whose record in the store was none, or was there or of a generation long before it may be: it was deleted.</param>
internal sealed record EpochRoll(IReadOnlyList<RolledEpoch> Rolled, IReadOnlyList<EpochId> Removed)
{
    /// <summary>What the ledger is told of a roll.</summary>
    /// <param name="planted">The epochs whose new salt the store has, those too that not enough replicas have acknowledged.</param>
    /// <param name="removed">As <see cref="Removed"/>.</param>
    /// <param name="failed">The epochs that may not be rolled, or not for good.</param>
    public static JsonObject Outcome(IEnumerable<RolledEpoch> planted, IEnumerable<EpochId> removed, IEnumerable<EpochId> failed) => new()
    {
        ["epochs"] = new JsonArray([.. planted.Select(Of)]),
        ["removed"] = new JsonArray([.. removed.Select(Of)]),
        ["failed"] = new JsonArray([.. failed.Select(Of)]),
    };

    private static JsonObject Of(RolledEpoch rolled)
    {
        var epoch = Of(rolled.Epoch);
        epoch["old_generation"] = rolled.OldGeneration;
        epoch["new_generation"] = rolled.NewGeneration;
        epoch["pepper_id"] = rolled.PepperId.ToString("x16", CultureInfo.InvariantCulture);
        epoch["replicas"] = rolled.Replicas;
        return epoch;
    }

    private static JsonObject Of(EpochId epoch) => new() { ["class"] = epoch.Class.Name, ["number"] = epoch.Number };
}
