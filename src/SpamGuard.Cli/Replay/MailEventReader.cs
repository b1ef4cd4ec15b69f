using System.Text;
using SpamGuard.Cli.Csv;
using SpamGuard.Feedback;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Replay;

/// <summary>What a step of the reader gave.</summary>
internal enum ReadStep
{
    /// <summary>An event.</summary>
    Event,

    /// <summary>A row that can't be taken.</summary>
    Fault,

    /// <summary>Nothing: the file is at its end.</summary>
    End,
}

/// <summary>Reads labelled events from CSV, row by row, in order of time. What is wrong with a row is a value, and says which line and field.</summary>
internal sealed class MailEventReader : IDisposable
{
    private static readonly string LabelNames = string.Join(", ", OutcomeLabels.All.Select(label => label.Name()));

    private readonly CsvTable _rows;
    private readonly bool _accounts;
    private readonly bool _contents;
    private DateTimeOffset _before = DateTimeOffset.MinValue;
    private long _row = -1;

    private MailEventReader(CsvTable rows, bool accounts, bool contents)
    {
        _rows = rows;
        _accounts = accounts;
        _contents = contents;
    }

    /// <summary>Opens a file and reads its header; <c>null</c> where that can't be taken.</summary>
    /// <param name="file">The file; left open, for it is read twice.</param>
    /// <param name="accounts">Whether the column <c>account</c> is read; it is ignored otherwise.</param>
    /// <param name="contents">Whether the column <c>content</c> is read.</param>
    /// <param name="fault">Why the header can't be taken.</param>
    public static MailEventReader? Open(Stream file, bool accounts, bool contents, out RowFault? fault) =>
        CsvTable.Open(file, MailColumns.Names, MailColumns.Names.Count, out fault) is { } rows ? new MailEventReader(rows, accounts, contents) : null;

    /// <summary>Whether any row so far says what it was reported as, be it at fault or not: then the file's reports are the feedback.</summary>
    public bool AnyReport { get; private set; }

    /// <summary>Reads the next row.</summary>
    /// <param name="mail">The event.</param>
    /// <param name="fault">What is wrong with the row.</param>
    public ReadStep Read(out MailEvent mail, out RowFault? fault)
    {
        mail = default;
        if (!_rows.Read(out fault))
        {
            return ReadStep.End;
        }

        _row++;
        if (fault is null && Parse(out mail) is var (field, text))
        {
            fault = new RowFault(_rows.Line, field, text);
        }

        if (fault is not null)
        {
            return ReadStep.Fault;
        }

        _before = mail.Time;
        return ReadStep.Event;
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    // Fields are named by the first that is at fault, in the order of the columns.
    private (string Field, string Text)? Parse(out MailEvent mail)
    {
        mail = default;
        AnyReport = AnyReport || !(Field(MailColumn.ReportedAs).IsEmpty && Field(MailColumn.ReportedAt).IsEmpty);
        if (!MailTime.TryParse(Field(MailColumn.Time), out var time))
        {
            return ("time", $"write it as {MailTime.Form}");
        }

        if (time < _before)
        {
            return ("time", "earlier than a row before it; sort the file by time");
        }

        if (EventFields.Kind(Field(MailColumn.Kind), out var kind) is { } noKind)
        {
            return ("kind", noKind);
        }

        if (EventFields.Address(Field(MailColumn.Address), out var address) is { } noAddress)
        {
            return ("address", noAddress);
        }

        if (Digest(MailColumn.Account, _accounts, out var account) is { } noAccount)
        {
            return ("account", noAccount);
        }

        if (Digest(MailColumn.Content, _contents, out var content) is { } noContent)
        {
            return ("content", noContent);
        }

        if (!OutcomeLabels.TryParse(Field(MailColumn.Label), out var label) || label is not (OutcomeLabel.Spam or OutcomeLabel.Legitimate))
        {
            return ("label", $"write {OutcomeLabel.Spam.Name()} or {OutcomeLabel.Legitimate.Name()}");
        }

        if (Report(time, out var report) is { } fault)
        {
            return fault;
        }

        mail = new MailEvent(_row, time, new SpamEvent(kind, address, account, content), label == OutcomeLabel.Spam, report);
        return null;
    }

    private (string Field, string Text)? Report(DateTimeOffset time, out MailReport? report)
    {
        report = null;
        var labelText = Field(MailColumn.ReportedAs);
        var timeText = Field(MailColumn.ReportedAt);
        if (labelText.IsEmpty && timeText.IsEmpty)
        {
            return null;
        }

        if (!OutcomeLabels.TryParse(labelText, out var label))
        {
            return ("reported_as", $"write one of {LabelNames}, or leave it and reported_at empty");
        }

        if (!MailTime.TryParse(timeText, out var reported))
        {
            return ("reported_at", "write it as 2026-03-02T12:00:00Z, or leave it and reported_as empty");
        }

        if (reported < time)
        {
            return ("reported_at", "earlier than time");
        }

        report = new MailReport(label, reported);
        return null;
    }

    private ReadOnlySpan<char> Field(MailColumn column) => _rows[(int)column];

    private string? Digest(MailColumn column, bool wanted, out ReadOnlyMemory<byte> digest)
    {
        var text = wanted ? Field(column) : default;
        var fault = EventFields.Digest(text);
        digest = default;
        if (fault is null && !text.IsEmpty)
        {
            var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            Encoding.UTF8.GetBytes(text, bytes);
            digest = bytes;
        }

        return fault;
    }

}
