namespace SpamGuard.Desk.Ledger;

/// <summary>Of which acts nobody knows whether they were done.</summary>
internal sealed class LedgerUnknowns : ILedgerBook
{
    private readonly Lock _lock = new();
    private readonly List<DateTimeOffset> _unknown = [];

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
        if (string.Equals(entry.Result, LedgerEntry.Unknown, StringComparison.Ordinal))
        {
            lock (_lock)
            {
                _unknown.Add(entry.Time);
            }
        }
    }
}
