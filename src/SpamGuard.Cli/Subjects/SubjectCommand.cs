using System.CommandLine;

namespace SpamGuard.Cli.Subjects;

/// <summary><c>spamguard subject</c>: for the person behind an address.</summary>
internal sealed class SubjectCommand : Command, ITakesSecrets
{
    /// <summary>The verbs below it.</summary>
    public SubjectCommand(Terminal terminal)
        : base("subject", "Shows or erases what is held on one address, for the person behind it. The address comes from a file or from standard input, never as an argument.")
    {
        Add(new SubjectInspectCommand(terminal));
        Add(new SubjectEraseCommand(terminal));
    }
}
