using System.CommandLine;

namespace SpamGuard.Cli.Disclosures;

/// <summary><c>spamguard disclosure</c>: orders of courts and authorities.</summary>
internal sealed class DisclosureCommand : Command, ITakesSecrets
{
    /// <summary>The verbs below it.</summary>
    public DisclosureCommand(Terminal terminal)
        : base("disclosure", "Orders of courts and authorities: one person opens an order, a second approves it or anybody rejects it, and what is still held on the addresses that it names is given out once. Addresses, reference and key come by files or standard input, never as arguments.")
    {
        Add(new DisclosureOpenCommand(terminal));
        Add(new DisclosureDecideCommand(terminal));
        Add(new DisclosureExecuteCommand(terminal));
        Add(new DisclosureShowCommand(terminal));
        Add(new DisclosureListCommand(terminal));
    }
}
