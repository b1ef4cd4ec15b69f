using System.CommandLine;

namespace SpamGuard.Cli.PolicyFiles;

/// <summary><c>spamguard policy</c>: what a policy file says, without a server, and what a server has in force.</summary>
internal sealed class PolicyCommand : Command
{
    /// <summary>The verbs below it.</summary>
    public PolicyCommand(Terminal terminal)
        : base("policy", "Checks, compares and explains policy files, and shows the policy that a server has.")
    {
        Add(new PolicyValidateCommand(terminal));
        Add(new PolicyDiffCommand(terminal));
        Add(new PolicyExplainCommand(terminal));
        Add(new PolicySchemaCommand(terminal));
        Add(new PolicyGetCommand(terminal));
    }
}
