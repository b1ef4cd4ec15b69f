using System.CommandLine;

namespace SpamGuard.Cli.Ledger;

/// <summary><c>spamguard ledger</c>: for whoever wants to know whether the desk's ledger is what it was.</summary>
internal sealed class LedgerCommand : Command
{
    /// <summary>The verbs below it.</summary>
    public LedgerCommand(Terminal terminal)
        : base("ledger", "Verifies a ledger of the desk, without a server and while a desk writes it.")
    {
        Add(new LedgerVerifyCommand(terminal));
        Add(new LedgerHeadCommand(terminal));
        Add(new LedgerDigestsCommand(terminal));
    }
}
