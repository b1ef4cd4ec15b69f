using Spectre.Console;

namespace SpamGuard.Cli;

/// <summary>Draws a table on a terminal, so that no word is broken: what is too wide for it is drawn a field a line, and a word that is longer than a line is not drawn around.</summary>
/// <param name="console">The terminal.</param>
/// <param name="table">What it shows.</param>
internal sealed class DrawnTable(IAnsiConsole console, TextTable table)
{
    private const int Edge = 1;
    private const int EdgeAndSpaces = 3; // of each field

    /// <summary>Draws it.</summary>
    public void Write()
    {
        var room = console.Profile.Width - Edge - (EdgeAndSpaces * table.Headers.Count);
        var least = Widths(LongestWord);
        if (least.Sum() <= room)
        {
            console.Write(OnePerRow(Shared(room, least, Widths(static field => field.Length))));
        }
        else if (table.Headers.Count == 2)
        {
            WriteFields(table.Headers, [.. table.Rows.Select(static row => (row[0], row[1]))]);
        }
        else
        {
            foreach (var row in table.Rows)
            {
                WriteFields(["field", "value"], [.. table.Headers.Zip(row)]);
            }
        }
    }

    private static int LongestWord(string field) => field.Split(' ').Max(static word => word.Length);

    // To each column its longest word, and of what is left as much as it lacks to its longest field, or the same part of that as the others.
    private static int[] Shared(int room, int[] least, int[] whole)
    {
        var (spare, lacking) = (room - least.Sum(), whole.Sum() - least.Sum());
        return spare >= lacking ? whole : [.. least.Zip(whole, (word, field) => word + ((field - word) * spare / lacking))];
    }

    private int[] Widths(Func<string, int> width) => [.. table.Headers.Select((name, i) => table.Rows.Select(row => row[i]).Append(name).Max(width))];

    private Table OnePerRow(int[] widths)
    {
        var drawn = new Table().Border(TableBorder.Rounded);
        foreach (var (name, width) in table.Headers.Zip(widths))
        {
            drawn.AddColumn(new TableColumn(new Text(name)) { Width = width });
        }

        foreach (var row in table.Rows)
        {
            drawn.AddRow(row.Select(field => new Text(field, StyleOf(field))));
        }

        return drawn;
    }

    // What has a word too long to stand beside a name stands below, where the terminal may go on to the next line, and copies it as one.
    private void WriteFields(IReadOnlyList<string> headers, IReadOnlyList<(string Name, string Value)> fields)
    {
        var room = console.Profile.Width - Edge - (2 * EdgeAndSpaces) - fields.Select(static field => field.Name).Append(headers[0]).Max(static name => name.Length);
        var beside = fields.Where(field => LongestWord(field.Value) <= room).ToList();
        if (beside.Count > 0)
        {
            new DrawnTable(console, table with { Headers = headers, Rows = [.. beside.Select(static field => (IReadOnlyList<string>)[field.Name, field.Value])] }).Write();
        }

        foreach (var (name, value) in fields.Where(field => LongestWord(field.Value) > room))
        {
            console.Profile.Out.Writer.WriteLine($"{name}:");
            console.Profile.Out.Writer.WriteLine(value);
        }
    }

    private Style StyleOf(string field) => table.Colours?.TryGetValue(field, out var colour) == true ? new Style(Color.FromConsoleColor(colour)) : Style.Plain;
}
