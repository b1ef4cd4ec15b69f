using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SpamGuard.Policies;

namespace SpamGuard.Cli.PolicyFiles;

/// <summary><c>spamguard policy explain [FILE]</c>: every key with its value, where that comes from, what is allowed and what it means.</summary>
internal sealed class PolicyExplainCommand : Command
{
    private readonly Argument<string> _file = PolicyInput.Argument("FILE");
    private readonly Option<bool> _json = PolicyInput.Json();
    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public PolicyExplainCommand(Terminal terminal)
        : base("explain", "Prints every key with its value, where that comes from, what is allowed and what it means.")
    {
        _terminal = terminal;
        _file.DefaultValueFactory = static _ => PolicyInput.Default;
        Add(_file);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        if (PolicyInput.ReadOrSay(parsed.GetRequiredValue(_file), _terminal) is not { } file)
        {
            return ExitCodes.Failure;
        }

        var defaults = PolicyInput.Leaves(Policy.Default);
        var rows = PolicyInput.Leaves(file.Policy!).Values.Select(leaf => (Leaf: leaf, Default: defaults.GetValueOrDefault(leaf.Path), Line: file.LineOf(leaf.Path))).ToList();
        if (parsed.GetValue(_json))
        {
            PolicyInput.Write(_terminal, new JsonArray([.. rows.Select(row => new JsonObject
            {
                ["path"] = row.Leaf.Path,
                ["value"] = row.Leaf.Json(),
                ["line"] = row.Line == 0 ? null : row.Line,
                ["default"] = row.Default?.Json(),
                ["allowed"] = row.Leaf.Kind.Allowed,
                ["meaning"] = row.Leaf.Meaning,
            })]));
        }
        else
        {
            _terminal.Write(new TextTable(
                ["key", "value", "from", "default", "allowed", "meaning"],
                [
                    .. rows.Select(row => (IReadOnlyList<string>)
                    [
                        row.Leaf.Path, row.Leaf.Text(), row.Line == 0 ? "default" : string.Create(CultureInfo.InvariantCulture, $"line {row.Line}"),
                        row.Default?.Text() ?? string.Empty, row.Leaf.Kind.Allowed, row.Leaf.Meaning,
                    ]),
                ]));
        }

        return ExitCodes.Ok;
    }
}
