using System.CommandLine;

namespace SpamGuard.Cli.Overrides;

/// <summary><c>spamguard override</c>: what operators say of an address, a network, or the address behind a decision token.</summary>
internal sealed class OverrideCommand : Command, ITakesSecrets
{
    /// <summary>The verbs below it.</summary>
    public OverrideCommand(Terminal terminal)
        : base("override", "Says what the verdict of an address or a network is, for a stated time; or of the address behind a decision token, without ever seeing it.")
    {
        Add(new OverrideSetCommand(terminal));
        Add(new OverrideClearCommand(terminal));
        Add(new OverrideListCommand(terminal));
    }
}
