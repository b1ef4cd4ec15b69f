using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>Keeps what it is told.</summary>
internal sealed class ListBook : ILedgerBook
{
    public List<LedgerEntry> Entries { get; } = [];

    public void Read(LedgerEntry entry) => Entries.Add(entry);
}
