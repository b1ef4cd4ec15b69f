using System.CommandLine;

namespace SpamGuard.Cli.Completions;

/// <summary><c>spamguard completion bash|zsh</c>: the script by which a shell completes verbs, options, their values, and names of files.</summary>
internal sealed class CompletionCommand : Command
{
    private static readonly string[] Shells = ["bash", "zsh"];

    /// <summary>What stands in the help for a path.</summary>
    private static readonly string[] Paths = ["FILE", "DIR", "OUT", "OUTCOMES"];

    private readonly Argument<string> _shell = new("SHELL") { Description = "Whose.", HelpName = string.Join('|', Shells) };
    private readonly Terminal _terminal;

    /// <summary>The verb.</summary>
    public CompletionCommand(Terminal terminal)
        : base("completion", "Prints the script by which a shell completes verbs, options, their values and names of files. To have it in every shell: echo 'eval \"$(spamguard completion bash)\"' >> ~/.bashrc, or the same with zsh and ~/.zshrc, behind compinit.")
    {
        _terminal = terminal;
        _shell.AcceptOnlyFromAmong(Shells);
        Add(_shell);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        using var template = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"spamguard.{parsed.GetRequiredValue(_shell)}")!);
        var root = parsed.RootCommandResult.Command;
        var options = All(root).SelectMany(static verb => verb.Command.Options).Where(static option => Paths.Contains(option.HelpName, StringComparer.Ordinal)).Select(static option => option.Name);
        var verbs = All(root).Where(static verb => verb.Command.Arguments.Any(IsPath)).Select(static verb => $"*\" {verb.Path} \"*");
        _terminal.Output.Write(template.ReadToEnd()
            .Replace("@PATHS@", string.Join(" | ", options.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)), StringComparison.Ordinal)
            .Replace("@FILES@", string.Join(" | ", verbs), StringComparison.Ordinal));
        return ExitCodes.Ok;
    }

    // A file of policy diff is called A or B.
    private static bool IsPath(Argument argument) => Paths.Contains(argument.Name, StringComparer.Ordinal) || argument.Name is "A" or "B";

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path = "") =>
        command.Subcommands.SelectMany(verb => All(verb, $"{path} {verb.Name}".TrimStart())).Prepend((path, command));
}
