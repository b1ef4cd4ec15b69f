namespace SpamGuard.Promise.World;

/// <summary>Who enters orders at the desk, and may enter other than what the authority wrote: no software sees that, and so the walk must.</summary>
internal sealed class Clerk
{
    /// <summary>Whether every crime is entered as terrorism.</summary>
    public bool CallsItTerrorism { get; set; }

    /// <summary>How much longer an order is valid than the authority said.</summary>
    public TimeSpan MoreTime { get; set; }

    /// <summary>Addresses that the authority did not name.</summary>
    public IReadOnlyList<string> MoreAddresses { get; set; } = [];
}
