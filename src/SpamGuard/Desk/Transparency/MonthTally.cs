namespace SpamGuard.Desk.Transparency;

/// <summary>What the ledger says of one month. Not for concurrent use.</summary>
internal sealed class MonthTally
{
    /// <summary>The requests that were received in it and may be shown.</summary>
    public SortedDictionary<RequestKind, RequestTally> Rows { get; } = [];

    /// <summary>Those that may not.</summary>
    public long Withheld { get; set; }

    /// <summary>What else was done.</summary>
    public ActFigures Acts { get; set; } = ActFigures.None;

    /// <summary>The number of the ledger's last entry when any of this last changed; 0 where nothing ever did.</summary>
    public long Changed { get; set; }

    /// <summary>The row of a kind.</summary>
    public RequestTally Row(RequestKind kind)
    {
        if (!Rows.TryGetValue(kind, out var row))
        {
            Rows.Add(kind, row = new RequestTally());
        }

        return row;
    }
}
