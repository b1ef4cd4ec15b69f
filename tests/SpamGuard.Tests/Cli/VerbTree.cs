using System.CommandLine;
using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

/// <summary>The verbs of the command line.</summary>
internal static class VerbTree
{
    /// <summary>Those that do something, such as <c>policy validate</c>, with their commands.</summary>
    public static IReadOnlyDictionary<string, Command> Leaves { get; } = All(CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null, static _ => null)), string.Empty)
        .ToDictionary(static verb => verb.Path, static verb => verb.Command, StringComparer.Ordinal);

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(verb => All(verb, $"{path} {verb.Name}".TrimStart()));
}
