using System.Runtime.CompilerServices;
using SpamGuard.Cli.Replay;
using SpamGuard.Feedback;
using SpamGuard.Policies;

namespace SpamGuard.Tests.Replay;

public sealed class MailEventReaderTests
{
    private const string Good = "2026-03-02T12:00:00Z,message,198.18.7.9,a1,c1,spam,,";
    private const string Columns = "time, kind, address, account, content, label, reported_as, reported_at";
    private static readonly string LongDigest = new('x', 257);

    public static TheoryData<string, string> Faults => new()
    {
        { "2026-03-02T12:00:00Z,message,198.18.7.9,a1,c1,spam,", "line 3: row: fields: 7; the header has 8" },
        { "", "line 3: row: fields: 1; the header has 8" },
        { Row(account: "x\"y"), "line 3: row: field 4: a quote in a field that does not begin with one; quote the field, and write the quote twice" },
        { Row(account: "\"x\"y"), "line 3: row: field 4: more behind the quote that ends it; write a quote inside it twice" },
        { Row(reportedAt: "\""), "line 3: row: field 8: a quote is left open at the end of the line" },
        { new string('x', CsvLines.Longest + 1), "line 3: row: longer than 65536 characters" },
        { Row(time: "2026-03-02 12:00:00"), "line 3: time: write it as 2026-03-02T12:00:00Z or with an offset such as +01:00, from 1970 to 2105" },
        { Row(time: "2026-03-02T12:00:00"), "line 3: time: write it as 2026-03-02T12:00:00Z or with an offset such as +01:00, from 1970 to 2105" },
        { Row(time: "1969-12-31T23:59:59Z"), "line 3: time: write it as 2026-03-02T12:00:00Z or with an offset such as +01:00, from 1970 to 2105" },
        { Row(time: "2026-03-02T11:59:59Z"), "line 3: time: earlier than a row before it; sort the file by time" },
        { Row(kind: "sign-up"), "line 3: kind: write sign_up or message" },
        { Row(address: "198.018.7.9"), "line 3: address: not an IPv4 or IPv6 address" },
        { Row(address: ""), "line 3: address: not an IPv4 or IPv6 address" },
        { Row(address: "224.0.0.1"), "line 3: address: unspecified, broadcast or multicast: no event comes from there" },
        { Row(address: "0.0.0.0"), "line 3: address: unspecified, broadcast or multicast: no event comes from there" },
        { Row(address: "ff02::1"), "line 3: address: unspecified, broadcast or multicast: no event comes from there" },
        { Row(account: LongDigest), "line 3: account: longer than 256 bytes" },
        { Row(content: LongDigest), "line 3: content: longer than 256 bytes" },
        { Row(label: "ham"), "line 3: label: write spam or legitimate" },
        { Row(label: ""), "line 3: label: write spam or legitimate" },
        { Row(label: "challenge_passed"), "line 3: label: write spam or legitimate" },
        {
            Row(reportedAs: "ham", reportedAt: "2026-03-02T13:00:00Z"),
            "line 3: reported_as: write one of legitimate, spam, challenge_passed, challenge_failed, or leave it and reported_at empty"
        },
        {
            Row(reportedAt: "2026-03-02T13:00:00Z"),
            "line 3: reported_as: write one of legitimate, spam, challenge_passed, challenge_failed, or leave it and reported_at empty"
        },
        { Row(reportedAs: "spam"), "line 3: reported_at: write it as 2026-03-02T12:00:00Z, or leave it and reported_as empty" },
        { Row(reportedAs: "spam", reportedAt: "2026-03-02T11:00:00Z"), "line 3: reported_at: earlier than time" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Read_RowAtFault_SaysLineAndFieldAndNoValue(string row, string expected)
    {
        using var reader = Open(Replays.Csv(Good, row, Good));

        Assert.Equal(ReadStep.Event, reader.Read(out _, out _));
        Assert.Equal(ReadStep.Fault, reader.Read(out _, out var fault));
        Assert.Equal(expected, fault!.ToString());
        Assert.Equal(ReadStep.Event, reader.Read(out var last, out _));
        Assert.Equal(2, last.Row);
        Assert.Equal(ReadStep.End, reader.Read(out _, out _));
    }

    [Theory]
    [InlineData("", "line 1: header: nothing is there; the columns are " + Columns)]
    [InlineData("time,kind,address\n", "line 1: header: without account, content, label, reported_as, reported_at; the columns are " + Columns)]
    [InlineData(Replays.Header + ",subject\n", "line 1: header: column 9 is unknown; the columns are " + Columns)]
    [InlineData("Time,kind,address,account,content,label,reported_as,reported_at\n", "line 1: header: column 1 is unknown; the columns are " + Columns)]
    [InlineData("time,\"kind\n", "line 1: header: field 2: a quote is left open at the end of the line")]
    [InlineData("time,kind,time\n", "line 1: header: column 3 is a second time; the columns are " + Columns)]
    [InlineData(Good + "\n", "line 1: header: column 1 is unknown; the columns are " + Columns)]
    public void Open_HeaderAtFault_SaysWhatIsTaken(string csv, string expected)
    {
        Assert.Null(MailEventReader.Open(Replays.Stream(csv), accounts: true, contents: true, out var fault));
        Assert.Equal(expected, fault!.ToString());
    }

    [Fact]
    public void Read_ColumnsInAnotherOrderAndQuoted_ReadsTheSame()
    {
        const string Csv = "label,address,kind,time,content,account,reported_at,reported_as\r\n"
            + "spam,\"2a01:4f8::7\",sign_up,2026-03-02T13:00:00.25+01:00,,\"a,1\",2026-03-02T12:00:01Z,legitimate\r\n";
        using var reader = Open(Csv);

        Assert.Equal(ReadStep.Event, reader.Read(out var mail, out _));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 12, 0, 0, 250, TimeSpan.Zero), mail.Time);
        Assert.Equal((EventKind.SignUp, true), (mail.Event.Kind, mail.Spam));
        Assert.Equal("a,1"u8.ToArray(), mail.Event.Account.ToArray());
        Assert.True(mail.Event.Content.IsEmpty);
        Assert.Equal(new MailReport(OutcomeLabel.Legitimate, new DateTimeOffset(2026, 3, 2, 12, 0, 1, TimeSpan.Zero)), mail.Report);
    }

    [Fact]
    public void Read_DigestsNotAskedFor_AreIgnoredEvenIfTooLong()
    {
        using var reader = MailEventReader.Open(
            Replays.Stream(Replays.Csv(Row(account: LongDigest, content: LongDigest))), accounts: false, contents: false, out _)!;

        Assert.Equal(ReadStep.Event, reader.Read(out var mail, out _));
        Assert.True(mail.Event.Account.IsEmpty);
        Assert.True(mail.Event.Content.IsEmpty);
    }

    [Fact]
    public void Read_OutOfOrder_ComparesWithTheLastRowTaken()
    {
        using var reader = Open(Replays.Csv(Row(time: "2026-03-02T12:00:00Z"), Row(time: "2026-03-02T13:00:00Z", label: "?"), Row(time: "2026-03-02T12:30:00Z")));

        Assert.Equal(ReadStep.Event, reader.Read(out _, out _));
        Assert.Equal(ReadStep.Fault, reader.Read(out _, out _));
        Assert.Equal(ReadStep.Event, reader.Read(out _, out _));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Read_StrayQuote_LosesItsLineAlone(string lineBreak)
    {
        using var reader = Open("\uFEFF" + string.Join(lineBreak, Replays.Header, Row(account: "x\"y"), "", Good, Row(account: "\"a"), "1\",,spam,,", Good));
        var steps = new List<string>();
        for (var step = reader.Read(out var mail, out var fault); step != ReadStep.End; step = reader.Read(out mail, out fault))
        {
            steps.Add(step == ReadStep.Event ? $"row {mail.Row}" : $"line {fault!.Line}");
        }

        Assert.Equal(["line 2", "line 3", "row 2", "line 5", "line 6", "row 5"], steps);
    }

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"a\"\"1\"", "a\"1")]
    [InlineData("\"\"\"\"", "\"")]
    [InlineData("\"a,1\"", "a,1")]
    public void Read_QuotedField_IsReadWithoutItsQuotes(string field, string expected)
    {
        using var reader = Open(Replays.Csv(Row(account: field, content: "c")));

        Assert.Equal(ReadStep.Event, reader.Read(out var mail, out _));
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(mail.Event.Account.Span));
        Assert.Equal("c"u8.ToArray(), mail.Event.Content.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(70_000)]
    public void Read_FaultAnywhere_HasItsOwnLineNumber(int row)
    {
        using var reader = Open(Replays.Csv(Enumerable.Repeat(Good, row - 1).Append(Row(label: "?")).Append(Good).Append(Row(label: "?"))));
        var lines = new List<long>();
        for (var step = reader.Read(out _, out var fault); step != ReadStep.End; step = reader.Read(out _, out fault))
        {
            if (fault is not null)
            {
                lines.Add(fault.Line);
            }
        }

        Assert.Equal([row + 1, row + 3], lines);
    }

    private static MailEventReader Open(string csv, [CallerArgumentExpression(nameof(csv))] string what = "")
    {
        var reader = MailEventReader.Open(Replays.Stream(csv), accounts: true, contents: true, out var fault);
        Assert.True(reader is not null, $"{what}: {fault}");
        return reader;
    }

    private static string Row(
        string time = "2026-03-02T12:00:00Z",
        string kind = "message",
        string address = "198.18.7.9",
        string account = "",
        string content = "",
        string label = "spam",
        string reportedAs = "",
        string reportedAt = "") => string.Join(',', time, kind, address, account, content, label, reportedAs, reportedAt);
}
