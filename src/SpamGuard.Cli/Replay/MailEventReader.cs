using System.Globalization;
using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Feedback;
using SpamGuard.Policies;
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

    private readonly CsvLines _lines;
    private readonly MailColumns _columns;
    private readonly bool _accounts;
    private readonly bool _contents;
    private DateTimeOffset _before = DateTimeOffset.MinValue;
    private long _row = -1;

    private MailEventReader(CsvLines lines, MailColumns columns, bool accounts, bool contents)
    {
        _lines = lines;
        _columns = columns;
        _accounts = accounts;
        _contents = contents;
    }

    /// <summary>Opens a file and reads its header; <c>null</c> where that can't be taken.</summary>
    /// <param name="file">The file; left open, for it is read twice.</param>
    /// <param name="accounts">Whether the column <c>account</c> is read; it is ignored otherwise.</param>
    /// <param name="contents">Whether the column <c>content</c> is read.</param>
    /// <param name="fault">Why the header can't be taken.</param>
    public static MailEventReader? Open(Stream file, bool accounts, bool contents, out RowFault? fault)
    {
        var lines = new CsvLines(file);
        if (Columns(lines, out fault) is { } columns)
        {
            return new MailEventReader(lines, columns, accounts, contents);
        }

        lines.Dispose();
        return null;
    }

    /// <summary>Whether any row so far says what it was reported as, be it at fault or not: then the file's reports are the feedback.</summary>
    public bool AnyReport { get; private set; }

    /// <summary>Reads the next row.</summary>
    /// <param name="mail">The event.</param>
    /// <param name="fault">What is wrong with the row.</param>
    public ReadStep Read(out MailEvent mail, out RowFault? fault)
    {
        mail = default;
        fault = null;
        if (!_lines.Read(out var unsplit))
        {
            return ReadStep.End;
        }

        _row++;
        if ((unsplit is null ? Parse(out mail) : ("row", unsplit)) is not var (field, text))
        {
            _before = mail.Time;
            return ReadStep.Event;
        }

        fault = new RowFault(_lines.Line, field, text);
        return ReadStep.Fault;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private static MailColumns? Columns(CsvLines lines, out RowFault? fault)
    {
        if (!lines.Read(out var unsplit))
        {
            fault = new RowFault(1, "header", $"nothing is there; the columns are {string.Join(", ", MailColumns.Names)}");
            return null;
        }

        if (unsplit is not null)
        {
            fault = new RowFault(lines.Line, "header", unsplit);
            return null;
        }

        var header = new List<string>(MailColumns.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            header.Add(lines[i].ToString());
        }

        return MailColumns.Read(header, lines.Line, out fault);
    }

    // Fields are named by the first that is at fault, in the order of the columns.
    private (string Field, string Text)? Parse(out MailEvent mail)
    {
        mail = default;
        if (_lines.Count != MailColumns.Count)
        {
            return ("row", string.Create(CultureInfo.InvariantCulture, $"fields: {_lines.Count}; the header has {MailColumns.Count}"));
        }

        AnyReport = AnyReport || !(Field(MailColumn.ReportedAs).IsEmpty && Field(MailColumn.ReportedAt).IsEmpty);
        if (!MailTime.TryParse(Field(MailColumn.Time), out var time))
        {
            return ("time", $"write it as {MailTime.Form}");
        }

        if (time < _before)
        {
            return ("time", "earlier than a row before it; sort the file by time");
        }

        if (!EventKinds.TryParse(Field(MailColumn.Kind), out var kind))
        {
            return ("kind", $"write {string.Join(" or ", EventKinds.All.Select(one => one.Name()))}");
        }

        if (!ClientAddress.TryParse(Field(MailColumn.Address), out var address))
        {
            return ("address", "not an IPv4 or IPv6 address");
        }

        if (address.Scope == AddressScope.Unusable)
        {
            return ("address", "unspecified, broadcast or multicast: no event comes from there");
        }

        if (!TryDigest(MailColumn.Account, _accounts, out var account))
        {
            return ("account", $"longer than {SpamEvent.MaxDigestBytes} bytes");
        }

        if (!TryDigest(MailColumn.Content, _contents, out var content))
        {
            return ("content", $"longer than {SpamEvent.MaxDigestBytes} bytes");
        }

        if (!TryLabel(Field(MailColumn.Label), out var label) || label is not (OutcomeLabel.Spam or OutcomeLabel.Legitimate))
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

        if (!TryLabel(labelText, out var label))
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

    private ReadOnlySpan<char> Field(MailColumn column) => _lines[_columns[column]];

    private bool TryDigest(MailColumn column, bool wanted, out ReadOnlyMemory<byte> digest)
    {
        digest = default;
        if (!wanted)
        {
            return true;
        }

        var text = Field(column);
        if (Encoding.UTF8.GetByteCount(text) > SpamEvent.MaxDigestBytes)
        {
            return false;
        }

        if (!text.IsEmpty)
        {
            var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            Encoding.UTF8.GetBytes(text, bytes);
            digest = bytes;
        }

        return true;
    }

    private static bool TryLabel(ReadOnlySpan<char> text, out OutcomeLabel label)
    {
        foreach (var one in OutcomeLabels.All)
        {
            if (text.SequenceEqual(one.Name()))
            {
                label = one;
                return true;
            }
        }

        label = default;
        return false;
    }
}
