namespace SpamGuard.Desk.Disclosures;

/// <summary>What an order is about.</summary>
internal enum DisclosureCategory
{
    /// <summary>Terrorism.</summary>
    Terrorism,

    /// <summary>Sexual exploitation of children.</summary>
    ChildExploitation,

    /// <summary>Anything else: the gate refuses it, always.</summary>
    Other,
}
