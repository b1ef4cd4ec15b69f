using System.CommandLine;
using SpamGuard.Policies.Files;

namespace SpamGuard.Cli.PolicyFiles;

/// <summary><c>spamguard policy schema</c>: the JSON Schema of policy files.</summary>
internal sealed class PolicySchemaCommand : Command
{
    /// <summary>The verb.</summary>
    public PolicySchemaCommand(Terminal terminal)
        : base("schema", "Prints the JSON Schema of policy files.")
    {
        Add(JsonOption.New("It is JSON with and without.")); // like every verb that prints data
        SetAction(_ =>
        {
            terminal.Output.Write(PolicySchema.Text());
            return ExitCodes.Ok;
        });
    }
}
