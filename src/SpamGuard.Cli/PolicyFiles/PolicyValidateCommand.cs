using System.CommandLine;
using System.Text.Json.Nodes;
using SpamGuard.Policies.Files;

namespace SpamGuard.Cli.PolicyFiles;

/// <summary><c>spamguard policy validate FILE</c>: whether a server would take the file, and all that is wrong with it.</summary>
internal sealed class PolicyValidateCommand : Command
{
    private readonly Argument<string> _file = PolicyInput.Argument("FILE");
    private readonly Option<bool> _json = PolicyInput.Json();
    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public PolicyValidateCommand(Terminal terminal)
        : base("validate", "Tells whether a server would take FILE, and all that is wrong with it.")
    {
        _terminal = terminal;
        Add(_file);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(_file);
        if (parsed.GetValue(_json))
        {
            var read = PolicyInput.Read(path);
            PolicyInput.Write(_terminal, Json(read));
            return read.Policy is null ? ExitCodes.Failure : ExitCodes.Ok;
        }

        if (PolicyInput.ReadOrSay(path, _terminal) is not { } file)
        {
            return ExitCodes.Failure;
        }

        _terminal.Write(new TextTable(["field", "value"], [["policy_revision", file.Policy!.Revision()]]));
        return ExitCodes.Ok;
    }

    private static JsonObject Json(PolicyFile file) => new()
    {
        ["valid"] = file.Policy is not null,
        ["policy_revision"] = file.Policy?.Revision(),
        ["faults"] = new JsonArray([.. file.Faults.Select(fault => new JsonObject { ["line"] = fault.Line, ["path"] = fault.Path, ["text"] = fault.Text })]),
    };
}
