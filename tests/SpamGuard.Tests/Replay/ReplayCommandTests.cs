using System.Text.Json;
using SpamGuard.Cli;
using SpamGuard.Cli.Replay;
using SpamGuard.Retention;
using SpamGuard.Tests.Cli;

namespace SpamGuard.Tests.Replay;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-replay-");

    [Fact]
    public async Task Replay_Json_IsOneObjectOnTheOutputAlone()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--json"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        using var json = JsonDocument.Parse(output);
        Assert.Equal(1579, json.RootElement.GetProperty("test").GetProperty("events").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("skipped").GetInt32());
    }

    [Fact]
    public async Task Replay_Text_IsOneLineAFigureWithBothShares()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--test-share", "0.25"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        var lines = output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("figure\tall rows\tlast 25 %", lines[0]);
        Assert.Equal("events\t5262\t1316", lines[1]);
        Assert.Equal("rows skipped\t0\t-", lines[^1]);
        Assert.Equal(18, lines.Length);
    }

    [Fact]
    public async Task Replay_PolicyAgainstAnother_ListsExactlyTheRowsInWhichTheirDecisionsDiffer()
    {
        var (one, other) = (Write("one.yaml", "message: {limits: {wide: 0.8}}\n"), Write("other.yaml", "memory: {account: true}\nmessage: {thresholds: {challenge: 0.2}}\n"));
        var (ofOne, ofOther) = (Path.Combine(_folder.FullName, "one.csv"), Path.Combine(_folder.FullName, "other.csv"));
        await CommandLines.RunAsync(["replay", Replays.MailEvents, "--account-members", "--policy", one, "--decisions", ofOne]);
        await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", other, "--decisions", ofOther]);

        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", other, "--against", one, "--json"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        var differing = File.ReadLines(ofOne).Zip(File.ReadLines(ofOther)).Where(pair => pair.First != pair.Second).Select(pair => pair.First.Split(',')[0]);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(differing, json.RootElement.GetProperty("differing_rows").EnumerateArray().Select(row => row.ToString()));
        Assert.NotEmpty(differing);
    }

    [Fact]
    public async Task Replay_PolicyAlone_IsComparedWithTheBuiltInOne()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", Write("mild.yaml", "defaults: {cap: CHALLENGE}\n")]);
        var (_, same, _) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", "default"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        var lines = Fields(output);
        Assert.Equal(("caught more: spam, harder", "0"), (lines[0][1], lines[0][2]));
        Assert.Equal("missed more: spam, milder", lines[1][1]);
        Assert.NotEqual("0", lines[1][2]);
        Assert.Equal(("decisions that differ", "0"), (Fields(same)[4][1], Fields(same)[4][2]));
    }

    [Fact]
    public async Task Replay_PolicyThatCantBeUsed_IsToldByTheLineAndNothingIsPlayed()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", Write("bad.yaml", "message:\n  cap: BLOCK\n")]);

        Assert.Equal((ExitCodes.Failure, ""), (code, output));
        Assert.Contains("line 2: message.cap", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--against", "default", "", "", "--against goes with --policy")]
    [InlineData("--tags", "/nowhere", "", "", "--tags goes with --policy")]
    [InlineData("--policy", "default", "--retention", "address=1d", "one at a time")]
    public async Task Replay_OptionsThatDoNotGoTogether_AreRefused(string one, string value, string two, string other, string expected)
    {
        string[] arguments = ["replay", Replays.MailEvents, one, value, two, other];

        var (code, output, errors) = await CommandLines.RunAsync([.. arguments.Where(argument => argument.Length > 0)]);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_PolicyThatTrustsNoReports_StillLearnsFromTheFile()
    {
        var policy = Write("strict.yaml", "reports: {trusted_by_default: false, callers: {offline: false}}\n");

        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", policy]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        Assert.Equal(("decisions that differ", "0"), (Fields(output)[4][1], Fields(output)[4][2]));
    }

    [Fact]
    public async Task Replay_Tags_AreThoseOfTheFolder()
    {
        var policy = Write("tags.yaml", "message: {tags: {relay: {weight: 3}}}\n");
        Write("relay.txt", "219.92.120.0/24\n");

        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", policy, "--tags", _folder.FullName]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        Assert.NotEqual("0", Fields(output)[4][2]);
    }

    [Fact]
    public async Task Replay_PolicyOfTagsWithoutTheirFiles_IsSaidOnce()
    {
        var policy = Write("tags.yaml", "defaults: {tags: {relay: {weight: 3}}}\n");

        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", policy, "--against", policy]);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal(("decisions that differ", "0"), (Fields(output)[4][1], Fields(output)[4][2]));
        Assert.Equal("A policy speaks of tags, and without --tags no address has one: they have no effect.", errors.TrimEnd());
    }

    [Fact]
    public async Task Replay_TagsThatCantBeTaken_AreToldByTheLineAndNothingIsPlayed()
    {
        Write("relay.txt", "198.18.0.7\nnonsense\n198.18.0.7/8\n");

        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--policy", "default", "--tags", _folder.FullName]);
        var (failed, _, absent) = await CommandLines.RunAsync(
            ["replay", Replays.MailEvents, "--policy", "default", "--tags", Path.Combine(_folder.FullName, "absent")]);

        Assert.Equal((ExitCodes.Failure, ""), (code, output));
        var lines = errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("--tags: found line 2 of relay.txt, ", lines[0], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failure, failed);
        Assert.Contains("no folder; allowed are folders with files TAG.txt, TAG.cidr or *.mmdb", absent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_Retention_IsShownBesideTheDefault()
    {
        var (_, usual, _) = await CommandLines.RunAsync(["replay", Replays.MailEvents]);
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--retention", "address=1d,network=1d"]);
        var (_, json, _) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--retention", "network=1d", "--json"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        var lines = Fields(output);
        Assert.Equal(["figure", "all rows, default", "all rows, given", "last 30 %, default", "last 30 %, given"], lines[0]);
        Assert.Equal(Fields(usual).Skip(1).SkipLast(1).Select(line => (line[1], line[2])), lines.Skip(1).SkipLast(1).Select(line => (line[1], line[3])));
        Assert.NotEqual(lines[3][1], lines[3][2]);
        using var parsed = JsonDocument.Parse(json);
        Assert.True(parsed.RootElement.GetProperty("default_retention").GetProperty("test").GetProperty("auc").GetDouble()
            > parsed.RootElement.GetProperty("test").GetProperty("auc").GetDouble());
    }

    [Theory]
    [InlineData("content=1d", "--retention: \"content=1d\" is not CLASS=DURATION with the class address or network")]
    [InlineData("1d", "--retention: \"1d\" is not CLASS=DURATION with the class address or network")]
    [InlineData("", "--retention: \"\" is not CLASS=DURATION with the class address or network")]
    [InlineData("network=59m", "--retention: \"network=59m\": a life is a number and s, m, h or d, from 1h to 90d")]
    [InlineData("address=91d", "--retention: \"address=91d\": a life is a number and s, m, h or d, from 1h to 90d")]
    [InlineData("address=7", "--retention: \"address=7\": a life is a number and s, m, h or d, from 1h to 90d")]
    [InlineData("address=1d,address=2d", "--retention: address is there twice")]
    public async Task Replay_RetentionThatCantBe_IsRefused(string retention, string expected)
    {
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--retention", retention]);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Equal(expected, errors.Split(Environment.NewLine)[0]);
    }

    [Theory]
    [InlineData("address=1h", 1, 30 * 24)]
    [InlineData("network=90d", 7 * 24, 90 * 24)]
    [InlineData("network=12h,address=1.5d", 36, 12)]
    public void Parse_Retention_LeavesWhatIsNotNamedAsItIs(string text, int addressHours, int networkHours) =>
        Assert.Equal(new RetentionLives(TimeSpan.FromHours(addressHours), TimeSpan.FromHours(networkHours)), RetentionOption.Parse(text, out _));

    [Fact]
    public async Task Replay_RowsAtFault_AreToldWithoutTheirAddressAndCounted()
    {
        var csv = Write("faulty.csv", Replays.Csv(
            "2026-03-02T12:00:00Z,message,198.18.7.9,,,spam,,", "2026-03-02T12:00:00Z,message,198.18.7.300,,,spam,,", "198.18.7.9,message,,,,spam,,"));

        var (code, output, errors) = await CommandLines.RunAsync(["replay", csv]);
        var (failed, nothing, told) = await CommandLines.RunAsync(["replay", csv, "--max-errors", "1"]);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("rows skipped\t2\t-", output, StringComparison.Ordinal);
        Assert.Contains("line 3: address: not an IPv4 or IPv6 address", errors, StringComparison.Ordinal);
        Assert.Contains("line 4: time: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("198.18", output + errors + told, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Failure, ""), (failed, nothing));
        Assert.Contains("More than 1 rows are at fault (--max-errors)", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_Decisions_AreWrittenToTheFile()
    {
        var to = Path.Combine(_folder.FullName, "decisions.csv");

        var (code, _, _) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--decisions", to]);

        Assert.Equal(ExitCodes.Ok, code);
        var lines = await File.ReadAllLinesAsync(to);
        Assert.Equal(5263, lines.Length);
        Assert.StartsWith("5261,", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_HeaderAtFault_Fails()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Write("header.csv", "time,kind\n")]);

        Assert.Equal((ExitCodes.Failure, ""), (code, output));
        Assert.StartsWith("line 1: header: without address", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_NoSuchFile_ExitsWithNotFound()
    {
        var (code, _, errors) = await CommandLines.RunAsync(["replay", Path.Combine(_folder.FullName, "absent.csv")]);

        Assert.Equal(ExitCodes.NotFound, code);
        Assert.Contains("absent.csv", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OptionsThatCountNothing_AreSaid()
    {
        var csv = Write("reports.csv", Replays.Csv("2026-03-02T12:00:00Z,message,198.18.7.9,,,spam,spam,2026-03-02T13:00:00Z"));

        var (code, _, errors) = await CommandLines.RunAsync(["replay", csv, "--feedback-delay", "2h"]);
        var (_, _, silent) = await CommandLines.RunAsync(["replay", csv]);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("--feedback-delay and --feedback-coverage count nothing", errors, StringComparison.Ordinal);
        Assert.Empty(silent);
    }

    [Fact]
    public async Task Replay_EndlessLine_IsSkippedWithoutBeingQuoted()
    {
        var endless = "\"198.18.7.9" + new string('x', 20_000_000);

        var (code, output, errors) = await CommandLines.RunAsync(["replay", Write("row.csv", Replays.Header + "\n" + endless + "\n" + Replays.GoodRow)]);
        var (failed, nothing, told) = await CommandLines.RunAsync(["replay", Write("header.csv", endless)]);

        Assert.Equal((ExitCodes.Ok, "line 2: row: longer than 65536 characters"), (code, errors.TrimEnd()));
        Assert.Contains("rows skipped\t1\t-", output, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Failure, "", "line 1: header: longer than 65536 characters"), (failed, nothing, told.TrimEnd()));
    }

    [Fact]
    public async Task Replay_FileWithoutAnEvent_IsAFailureAndPrintsNoFigures()
    {
        var (code, output, errors) = await CommandLines.RunAsync(["replay", Write("empty.csv", Replays.Header + "\n")]);

        Assert.Equal((ExitCodes.Failure, "", "FILE holds no event that could be scored."), (code, output, errors.TrimEnd()));
    }

    [Fact]
    public async Task Replay_FileThatCantBeReadTwice_ExitsWithUsage()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);

        var (code, output, errors) = await CommandLines.RunAsync(["replay", $"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}"]);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Equal("FILE is a file: it is read twice, and a pipe can't be.", errors.TrimEnd());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static List<string[]> Fields(string output) =>
        [.. output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
