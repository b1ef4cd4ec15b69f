using System.CommandLine;
using System.Text.Json.Nodes;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;

namespace SpamGuard.Cli.PolicyFiles;

/// <summary><c>spamguard policy diff A B</c>: the keys by which two policies differ, whatever their files look like.</summary>
internal sealed class PolicyDiffCommand : Command
{
    private readonly Argument<string> _a = PolicyInput.Argument("A");
    private readonly Argument<string> _b = PolicyInput.Argument("B");
    private readonly Option<bool> _json = PolicyInput.Json();
    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public PolicyDiffCommand(Terminal terminal)
        : base("diff", "Prints the keys by which two policies differ.")
    {
        _terminal = terminal;
        Add(_a);
        Add(_b);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var (a, b) = (PolicyInput.ReadOrSay(parsed.GetRequiredValue(_a), _terminal), PolicyInput.ReadOrSay(parsed.GetRequiredValue(_b), _terminal));
        if (a is null || b is null)
        {
            return ExitCodes.Failure;
        }

        var (left, right, defaults) = (PolicyInput.Leaves(a.Policy!), PolicyInput.Leaves(b.Policy!), PolicyInput.Leaves(Policy.Default));
        var changed = left.Keys.Union(right.Keys, StringComparer.Ordinal)
            .Select(path => (Path: path, A: left.GetValueOrDefault(path), B: right.GetValueOrDefault(path), Default: defaults.GetValueOrDefault(path)))
            .Where(row => !string.Equals(row.A?.Text(), row.B?.Text(), StringComparison.Ordinal))
            .ToList();
        if (parsed.GetValue(_json))
        {
            PolicyInput.Write(
                _terminal,
                new JsonArray([.. changed.Select(row => new JsonObject { ["path"] = row.Path, ["a"] = row.A?.Json(), ["b"] = row.B?.Json(), ["default"] = row.Default?.Json() })]));
        }
        else
        {
            _terminal.Write(new TextTable(["key", "a", "b", "default"], [.. changed.Select(row => (IReadOnlyList<string>)[row.Path, Text(row.A), Text(row.B), Text(row.Default)])]));
        }

        return ExitCodes.Ok;
    }

    private static string Text(PolicyLeaf? leaf) => leaf?.Text() ?? string.Empty;
}
