using System.Text;
using SpamGuard.Cli.Outcomes;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Tests.Replay;

namespace SpamGuard.Tests.Outcomes;

public sealed class OutcomeReaderTests
{
    private const string Header = "kind,address,label,account,content,reporter,reported_as,time,reported_at";
    private const string Columns = "kind, address, label, account, content, reporter, reported_as, time, reported_at";
    private static readonly string LongDigest = new('x', 257);

    public static TheoryData<string, string> Faults => new()
    {
        { "message,198.18.7.9,spam", "line 2: row: fields: 3; the header has 9" },
        { Row(kind: "mail"), "line 2: kind: write sign_up or message" },
        { Row(address: "198.18.7.999"), "line 2: address: not an IPv4 or IPv6 address" },
        { Row(address: "224.0.0.1"), "line 2: address: unspecified, broadcast or multicast: no event comes from there" },
        { Row(label: "ham"), "line 2: label: write legitimate, spam, challenge_passed" },
        { Row(label: ""), "line 2: label: write legitimate, spam, challenge_passed" },
        { Row(label: "challenge_failed"), "line 2: label: a failed challenge counts nothing: leave the row out" },
        { Row(reportedAs: "ham"), "line 2: reported_as: write legitimate, spam, challenge_passed" },
        { Row(account: LongDigest), "line 2: account: longer than 256 bytes" },
        { Row(content: LongDigest), "line 2: content: longer than 256 bytes" },
        { Row(reporter: LongDigest), "line 2: reporter: longer than 256 bytes" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Read_RowAtFault_SaysLineAndFieldAndNoValue(string row, string expected)
    {
        using var reader = Open($"{Header}\n{row}\n{Row()}\n");

        Assert.True(reader.Read(out var none, out var fault));
        Assert.Null(none);
        Assert.Equal(expected, fault!.ToString());
        Assert.True(reader.Read(out var good, out fault));
        Assert.Equal((3, null), (good!.Line, fault));
        Assert.False(reader.Read(out _, out _));
    }

    [Theory]
    [InlineData("", "line 1: header: nothing is there; the columns are " + Columns)]
    [InlineData("kind,label\n", "line 1: header: without address; the columns are " + Columns)]
    [InlineData("kind,address,label,ip\n", "line 1: header: column 4 is unknown; the columns are " + Columns)]
    [InlineData("message,198.18.7.9,spam\n", "line 1: header: column 1 is unknown; the columns are " + Columns)]
    [InlineData("kind,address,label,kind\n", "line 1: header: column 4 is a second kind; the columns are " + Columns)]
    public void Open_HeaderAtFault_SaysWhatIsTaken(string csv, string expected)
    {
        Assert.Null(OutcomeReader.Open(Replays.Stream(csv), out var fault));
        Assert.Equal(expected, fault!.ToString());
    }

    [Fact]
    public void Read_ThreeColumnsInAnyOrder_AreEnough()
    {
        using var reader = Open("label,kind,address\nchallenge_passed,sign_up,2a01:4f8::7\n");

        Assert.True(reader.Read(out var row, out _));
        Assert.Equal(new OutcomeRow(2, EventKind.SignUp, "2a01:4f8::7", "", "", OutcomeLabel.ChallengePassed, ""), row);
    }

    [Fact]
    public void Read_FileOfAReplay_TakesWhatWasReportedBeforeTheLabel()
    {
        using var reader = Open(Replays.Csv(
            "2026-03-02T12:00:00Z,message,198.18.7.9,a1,c1,spam,legitimate,2026-03-02T13:00:00Z", "2026-03-02T11:00:00Z,message,198.18.7.9,,,spam,,"));

        Assert.True(reader.Read(out var reported, out _));
        Assert.True(reader.Read(out var labelled, out _));
        Assert.Equal(new OutcomeRow(2, EventKind.Message, "198.18.7.9", "a1", "c1", OutcomeLabel.Legitimate, ""), reported);
        Assert.Equal(OutcomeLabel.Spam, labelled!.Label);
    }

    [Fact]
    public async Task Ids_OfAFile_FollowFromItsBytesAndTheLine()
    {
        var (one, again, other) = (await IdsAsync("a"), await IdsAsync("a"), await IdsAsync("b"));

        Assert.Equal(one.Of(2), again.Of(2));
        Assert.Equal(3, new HashSet<Guid> { one.Of(2), one.Of(3), other.Of(2) }.Count);
        Assert.Equal("8", one.Of(2).ToString("D")[14..15]); // the version
    }

    [Fact]
    public void Row_AsText_HoldsNoAddress()
    {
        using var reader = Open($"{Header}\n{Row()}\n");

        Assert.True(reader.Read(out var row, out _));
        Assert.Equal("line 2", row!.ToString());
    }

    private static Task<OutcomeIds> IdsAsync(string file) => OutcomeIds.OfAsync(new MemoryStream(Encoding.UTF8.GetBytes(file)), default);

    private static OutcomeReader Open(string csv)
    {
        var reader = OutcomeReader.Open(Replays.Stream(csv), out var fault);
        Assert.True(reader is not null, fault?.ToString());
        return reader;
    }

    private static string Row(
        string kind = "message",
        string address = "198.18.7.9",
        string label = "spam",
        string account = "",
        string content = "",
        string reporter = "",
        string reportedAs = "") => string.Join(',', kind, address, label, account, content, reporter, reportedAs, "", "");
}
