namespace SpamGuard.Desk.Disclosures;

/// <summary>What an execution came to.</summary>
internal enum HeldExtent
{
    /// <summary>Nothing was held on any of those named.</summary>
    Nothing,

    /// <summary>Something was held on some of them.</summary>
    Partly,

    /// <summary>Something was held on each.</summary>
    Fully,
}
