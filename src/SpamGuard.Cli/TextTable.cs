namespace SpamGuard.Cli;

/// <summary>Rows of text: a drawn table on a terminal, tab-separated lines elsewhere.</summary>
/// <param name="Headers">The columns' names.</param>
/// <param name="Rows">As many fields each as there are names.</param>
/// <param name="Prefix">Elsewhere than on a terminal: begins every line, instead of a line of names; so several tables can be told apart.</param>
/// <param name="IsNamed">Whether there is a line of names all the same, behind a #: for tables of many columns.</param>
/// <param name="Colours">On a terminal that has colours: those of fields that hold such a text and nothing else.</param>
internal sealed record TextTable(
    IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows, string? Prefix = null, bool IsNamed = false, IReadOnlyDictionary<string, ConsoleColor>? Colours = null)
{
    /// <summary>The lines that a script reads.</summary>
    public IEnumerable<string> Lines()
    {
        var (names, lines) = (string.Join('\t', Headers), Rows.Select(row => string.Join('\t', row)));
        return Prefix is null ? lines.Prepend(names)
            : lines.Select(line => $"{Prefix}\t{line}").Prepend($"#{Prefix}\t{names}").Skip(IsNamed ? 0 : 1);
    }
}
