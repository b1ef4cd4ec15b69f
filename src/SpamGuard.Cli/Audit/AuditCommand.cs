using System.CommandLine;

namespace SpamGuard.Cli.Audit;

/// <summary><c>spamguard audit</c>: whether the store keeps its promises.</summary>
internal sealed class AuditCommand : Command
{
    /// <summary>The verbs below it.</summary>
    public AuditCommand(Terminal terminal)
        : base("audit", "Checks what is kept.") => Add(new AuditRetentionCommand(terminal));
}
