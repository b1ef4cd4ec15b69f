using System.CommandLine;

namespace SpamGuard.Cli.Transparency;

/// <summary><c>spamguard transparency</c>: the public figures.</summary>
internal sealed class TransparencyCommand : Command
{
    /// <summary>The verbs below it.</summary>
    public TransparencyCommand(Terminal terminal)
        : base("transparency", "What authorities asked for, what they were given, and what else was done with what is kept.") => Add(new TransparencyReportCommand(terminal));
}
