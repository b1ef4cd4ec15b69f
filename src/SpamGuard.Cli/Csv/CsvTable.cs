namespace SpamGuard.Cli.Csv;

/// <summary>CSV under a header: the order of its columns is free, their names are not.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly CsvLines _lines;
    private readonly int[] _positions;
    private readonly int _columns;

    private CsvTable(CsvLines lines, int[] positions)
    {
        _lines = lines;
        _positions = positions;
        _columns = lines.Count;
    }

    /// <summary>The number of the line that was read last; the header's is 1.</summary>
    public long Line => _lines.Line;

    /// <summary>A field of the row, by the place of its column among the names; empty where the file has no such column.</summary>
    public ReadOnlySpan<char> this[int column] => _positions[column] < 0 ? default : _lines[_positions[column]];

    /// <summary>
    /// Opens a file and reads its header; <c>null</c> where that can't be taken. A fault names columns by position, never by what stands there:
    /// without a header, that is somebody's address.
    /// </summary>
    /// <param name="file">The file; left open, for it is read twice.</param>
    /// <param name="names">The columns that are known, those that may not be left out first.</param>
    /// <param name="required">How many may not be left out.</param>
    /// <param name="fault">Why the header can't be taken.</param>
    public static CsvTable? Open(Stream file, IReadOnlyList<string> names, int required, out RowFault? fault)
    {
        var lines = new CsvLines(file);
        if (Positions(lines, names, required, out fault) is { } positions)
        {
            return new CsvTable(lines, positions);
        }

        lines.Dispose();
        return null;
    }

    /// <summary>Reads the next row; <c>false</c> at the end of the file.</summary>
    /// <param name="fault">Why it has no fields, or not as many as the header.</param>
    public bool Read(out RowFault? fault)
    {
        fault = null;
        if (!_lines.Read(out var unsplit))
        {
            return false;
        }

        if (unsplit is null && _lines.Count != _columns)
        {
            unsplit = FormattableString.Invariant($"fields: {_lines.Count}; the header has {_columns}");
        }

        fault = unsplit is null ? null : new RowFault(Line, "row", unsplit);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private static int[]? Positions(CsvLines lines, IReadOnlyList<string> names, int required, out RowFault? fault)
    {
        var there = lines.Read(out var unsplit);
        var positions = new int[names.Count];
        Array.Fill(positions, -1);
        var text = there ? unsplit ?? Place(lines, names, positions) : "nothing is there; " + Known(names);
        if (text is null && Enumerable.Range(0, required).Where(column => positions[column] < 0).ToList() is { Count: > 0 } missing)
        {
            text = $"without {string.Join(", ", missing.Select(column => names[column]))}; {Known(names)}";
        }

        fault = text is null ? null : new RowFault(Math.Max(1, lines.Line), "header", text);
        return text is null ? positions : null;
    }

    private static string? Place(CsvLines lines, IReadOnlyList<string> names, int[] positions)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            var column = 0;
            while (column < names.Count && !lines[i].SequenceEqual(names[column]))
            {
                column++;
            }

            if (column == names.Count || positions[column] >= 0)
            {
                var what = column == names.Count ? "unknown" : "a second " + names[column];
                return FormattableString.Invariant($"column {i + 1} is {what}; {Known(names)}");
            }

            positions[column] = i;
        }

        return null;
    }

    private static string Known(IReadOnlyList<string> names) => $"the columns are {string.Join(", ", names)}";
}
