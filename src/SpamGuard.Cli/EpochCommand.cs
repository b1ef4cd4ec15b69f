using System.CommandLine;

namespace SpamGuard.Cli;

/// <summary><c>spamguard epoch</c>: the epochs of a running service.</summary>
internal sealed class EpochCommand : Command
{
    /// <summary>The verbs below it.</summary>
    public EpochCommand(Terminal terminal)
        : base("epoch", "Forgets what was learned, in an emergency.") => Add(new EpochRollCommand(terminal));
}
