using SpamGuard.Cli.Csv;
using SpamGuard.Feedback;

namespace SpamGuard.Cli.Outcomes;

/// <summary>Reads past outcomes from CSV, row by row, in any order. What is wrong with a row is a value, and says which line and field.</summary>
internal sealed class OutcomeReader : IDisposable
{
    private static readonly OutcomeLabel[] Labels = [OutcomeLabel.Legitimate, OutcomeLabel.Spam, OutcomeLabel.ChallengePassed];
    private static readonly string LabelNames = "write " + string.Join(", ", Labels.Select(label => label.Name()));

    private readonly CsvTable _rows;

    private OutcomeReader(CsvTable rows) => _rows = rows;

    /// <summary>The number of the line that was read last; the header's is 1.</summary>
    public long Line => _rows.Line;

    /// <summary>Opens a file and reads its header; <c>null</c> where that can't be taken.</summary>
    /// <param name="file">The file; left open.</param>
    /// <param name="fault">Why the header can't be taken.</param>
    public static OutcomeReader? Open(Stream file, out RowFault? fault) =>
        CsvTable.Open(file, OutcomeColumns.Names, OutcomeColumns.Required, out fault) is { } rows ? new OutcomeReader(rows) : null;

    /// <summary>Reads the next row; <c>false</c> at the end of the file.</summary>
    /// <param name="row">The row; <c>null</c> where it is at fault.</param>
    /// <param name="fault">What is wrong with it.</param>
    public bool Read(out OutcomeRow? row, out RowFault? fault)
    {
        row = null;
        if (!_rows.Read(out fault))
        {
            return false;
        }

        if (fault is null && Parse(out row) is var (field, text))
        {
            fault = new RowFault(Line, field, text);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    private (string Field, string Text)? Parse(out OutcomeRow? row)
    {
        row = null;
        if (EventFields.Kind(Field(OutcomeColumn.Kind), out var kind) is { } noKind)
        {
            return ("kind", noKind);
        }

        if (EventFields.Address(Field(OutcomeColumn.Address), out _) is { } noAddress)
        {
            return ("address", noAddress);
        }

        var said = Field(OutcomeColumn.ReportedAs).IsEmpty ? OutcomeColumn.Label : OutcomeColumn.ReportedAs;
        if (!OutcomeLabels.TryParse(Field(said), out var label) || !Labels.Contains(label))
        {
            return (OutcomeColumns.Names[(int)said], label == OutcomeLabel.ChallengeFailed ? "a failed challenge counts nothing: leave the row out" : LabelNames);
        }

        foreach (var digest in (OutcomeColumn[])[OutcomeColumn.Account, OutcomeColumn.Content, OutcomeColumn.Reporter])
        {
            if (EventFields.Digest(Field(digest)) is { } noDigest)
            {
                return (OutcomeColumns.Names[(int)digest], noDigest);
            }
        }

        row = new OutcomeRow(Line, kind, Text(OutcomeColumn.Address), Text(OutcomeColumn.Account), Text(OutcomeColumn.Content), label, Text(OutcomeColumn.Reporter));
        return null;
    }

    private ReadOnlySpan<char> Field(OutcomeColumn column) => _rows[(int)column];

    private string Text(OutcomeColumn column) => Field(column).ToString();
}
