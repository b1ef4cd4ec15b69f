namespace SpamGuard.Desk.Ledger;

/// <summary>Which acts have no outcome yet, and of which nobody knows it.</summary>
internal sealed class LedgerUnknowns : ILedgerBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, LedgerAct> _open = [];
    private readonly List<DateTimeOffset> _unknown = [];

    /// <summary>What an act is that is begun and not over.</summary>
    public LedgerAct ActOf(long intent)
    {
        lock (_lock)
        {
            return _open[intent];
        }
    }

    /// <summary>How many outcomes were entered as unknown since a time.</summary>
    public int Since(DateTimeOffset time)
    {
        lock (_lock)
        {
            return _unknown.Count(one => one >= time);
        }
    }

    /// <inheritdoc/>
    public void Read(LedgerEntry entry)
    {
        lock (_lock)
        {
            if (entry.Phase == LedgerPhase.Intent)
            {
                _open[entry.Seq] = entry.Act;
            }
            else if (entry.Intent is { } intent)
            {
                _open.Remove(intent);
                if (string.Equals(entry.Result, LedgerEntry.Unknown, StringComparison.Ordinal))
                {
                    _unknown.Add(entry.Time);
                }
            }
        }
    }
}
