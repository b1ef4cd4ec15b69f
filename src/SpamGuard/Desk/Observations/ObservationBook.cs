using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Observations;

/// <summary>What was last noted of each thing that is observed. Thread-safe.</summary>
internal sealed class ObservationBook : ILedgerBook
{
    private readonly ConcurrentDictionary<LedgerAct, string> _last = new();

    /// <summary>Whether this is what was last noted.</summary>
    public bool Holds(LedgerAct act, JsonObject data) =>
        _last.TryGetValue(act, out var last) && string.Equals(last, data.ToJsonString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Read(LedgerEntry entry)
    {
        if (entry is { Phase: LedgerPhase.Note, Act: LedgerAct.PolicyObserved or LedgerAct.PepperObserved })
        {
            _last[entry.Act] = entry.Data.ToJsonString();
        }
    }
}
