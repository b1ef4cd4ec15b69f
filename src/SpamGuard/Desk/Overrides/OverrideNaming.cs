namespace SpamGuard.Desk.Overrides;

/// <summary>How an operator named the subject of an override. The names stand in ledgers.</summary>
internal enum OverrideNaming
{
    /// <summary>Not known: it is not in the ledger.</summary>
    None,

    /// <summary>By its address.</summary>
    Address,

    /// <summary>As a network.</summary>
    Network,

    /// <summary>By the token of a decision.</summary>
    DecisionToken,
}
