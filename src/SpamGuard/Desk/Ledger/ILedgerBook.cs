namespace SpamGuard.Desk.Ledger;

/// <summary>What is known from the ledger: the desk keeps no other state. It is told every entry, at the start those of the file and then each new one.</summary>
internal interface ILedgerBook
{
    /// <summary>Takes an entry; called in their order, one at a time. It does not throw, and takes no time to speak of: others wait.</summary>
    void Read(LedgerEntry entry);
}
