namespace SpamGuard.Desk.Transparency;

/// <summary>What the ledger says of one month. Not for concurrent use.</summary>
internal sealed class MonthTally
{
    /// <summary>Counts on from what another one has counted for good.</summary>
    /// <param name="other">The other; null for nothing.</param>
    public MonthTally(MonthTally? other = null)
    {
        foreach (var (kind, row) in other?.Rows ?? [])
        {
            Row(kind).Add(row);
        }

        (Acts, Changed) = (other?.Acts ?? ActFigures.None, other?.Changed ?? 0);
    }

    /// <summary>The requests that were received in it and may be shown.</summary>
    public SortedDictionary<RequestKind, RequestTally> Rows { get; } = [];

    /// <summary>Those that may not.</summary>
    public long Withheld { get; private set; }

    /// <summary>What else was done.</summary>
    public ActFigures Acts { get; set; }

    /// <summary>The number of the ledger's last entry when any of this last changed; 0 where nothing ever did.</summary>
    public long Changed { get; set; }

    /// <summary>Counts a request as it is at a time.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The unix second.</param>
    /// <param name="revision">The number of the ledger's last entry.</param>
    public void Add(OpenRequest request, long now, long revision)
    {
        if (request.IsWithheldAt(now))
        {
            Withheld++;
            return;
        }

        Row(request.Kind).Add(request, now);
        Changed = Math.Max(Changed, request.TurnedAt(now, revision));
    }

    private RequestTally Row(RequestKind kind)
    {
        if (!Rows.TryGetValue(kind, out var row))
        {
            Rows.Add(kind, row = new RequestTally());
        }

        return row;
    }
}
