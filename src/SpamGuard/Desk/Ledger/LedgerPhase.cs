namespace SpamGuard.Desk.Ledger;

/// <summary>Which half of an act an entry is.</summary>
internal enum LedgerPhase
{
    /// <summary>Something is about to be done.</summary>
    Intent,

    /// <summary>What became of it.</summary>
    Outcome,

    /// <summary>Something that has no halves: it was seen, or refused.</summary>
    Note,
}
