using System.Globalization;
using SpamGuard.Cli.Replay;

namespace SpamGuard.Tests.Replay;

public sealed class ReplayRunnerTests
{
    private const string Address = "198.18.7.9";
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Run_Decisions_HoldRowProbabilityVerdictAndReasonsThatAddUp()
    {
        var (_, decisions, _) = await Replays.RunAsync(Replays.Csv(Enumerable.Range(0, 30).Select(i => Row(Noon.AddHours(2 * i), "spam"))));

        Assert.Equal("row,spam_probability,verdict,reasons,quality", decisions[0]);
        Assert.Equal(31, decisions.Length);
        Assert.All(decisions, line => Assert.DoesNotContain("198.18", line, StringComparison.Ordinal));
        foreach (var (fields, row) in decisions.Skip(1).Select((line, i) => (line.Split(','), i)))
        {
            Assert.Equal(5, fields.Length);
            Assert.Equal(row, int.Parse(fields[0], CultureInfo.InvariantCulture));
            var p = double.Parse(fields[1], CultureInfo.InvariantCulture);
            var reasons = fields[3].Split(';').Select(reason => reason.Split(':')).ToList();
            Assert.Contains(reasons, reason => reason[0] == "PRIOR");
            Assert.Equal(Math.Log(p / (1 - p)), reasons.Sum(reason => double.Parse(reason[1], CultureInfo.InvariantCulture)), 4);
            Assert.Equal("FULL", fields[4]);
        }

        Assert.Equal("ALLOW", decisions[1].Split(',')[2]);
        Assert.NotEqual("ALLOW", decisions[30].Split(',')[2]);
    }

    [Theory]
    [InlineData(3600, true)] // due at the very second of the next event: it counts
    [InlineData(3601, false)]
    public async Task Run_Feedback_IsKnownFromItsTimeOn(int delaySeconds, bool known)
    {
        var csv = Replays.Csv(Row(Noon, "spam"), Row(Noon.AddHours(1), "spam"));

        var (_, decisions, _) = await Replays.RunAsync(csv, new ReplayOptions { FeedbackDelay = TimeSpan.FromSeconds(delaySeconds) });

        var p = Replays.Probabilities(decisions);
        Assert.Equal(known, p[1] > 2 * p[0]);
    }

    [Fact]
    public async Task Run_FileWithReports_TakesThemAndNoLabelAsFeedback()
    {
        var reported = Replays.Csv(
            Row(Noon, "legitimate", "spam", Noon.AddMinutes(1)), Row(Noon.AddMinutes(2), "legitimate"), Row(Noon.AddHours(5), "spam"));

        var (_, decisions, _) = await Replays.RunAsync(reported);

        var p = Replays.Probabilities(decisions);
        Assert.True(p[1] > 2 * p[0], "a report of the file counts, whatever the label");
        Assert.True(p[2] > .9 * p[1], "a row without a report is never reported");
    }

    [Fact]
    public async Task Run_ReportsOutOfTheOrderOfEvents_ComeInTheOrderOfTheirTimes()
    {
        var csv = Replays.Csv(
            Row(Noon, "spam", "spam", Noon.AddHours(3)), Row(Noon.AddMinutes(1), "spam", "spam", Noon.AddHours(1)), Row(Noon.AddHours(2), "spam"),
            Row(Noon.AddHours(4), "spam"));

        var (_, decisions, _) = await Replays.RunAsync(csv);

        var p = Replays.Probabilities(decisions);
        Assert.True(p[2] > 2 * p[1]);
        Assert.True(p[3] > p[2]);
    }

    [Fact]
    public async Task Run_Coverage_DrawsFromTheSeed()
    {
        var csv = Replays.Csv(Enumerable.Range(0, 200).Select(i => Row(Noon.AddHours(2 * i), "spam")));

        var (_, half, _) = await Replays.RunAsync(csv, new ReplayOptions { FeedbackCoverage = .5, Seed = 3 });
        var (_, again, _) = await Replays.RunAsync(csv, new ReplayOptions { FeedbackCoverage = .5, Seed = 3 });
        var (_, none, _) = await Replays.RunAsync(csv, new ReplayOptions { FeedbackCoverage = 0, Seed = 3 });

        Assert.Equal(half, again);
        Assert.True(Replays.Probabilities(half).Max() > .5);
        Assert.True(Replays.Probabilities(none).Max() < .1);
    }

    [Fact]
    public async Task Run_RowsAtFault_AreToldSkippedAndCountedUpToTheLimit()
    {
        var csv = Replays.Csv(Row(Noon, "spam"), Row(Noon, "?"), Row(Noon.AddHours(-1), "spam"), Row(Noon, "legitimate"));

        var (result, decisions, faults) = await Replays.RunAsync(csv, new ReplayOptions { MaxErrors = 2 });
        var (failed, _, told) = await Replays.RunAsync(csv, new ReplayOptions { MaxErrors = 1 });

        Assert.Equal((2, 2), (result!.All.Events, result.Skipped));
        Assert.Equal(["line 3: label: write spam or legitimate", "line 4: time: earlier than a row before it; sort the file by time"], faults);
        Assert.Equal(["0", "3"], decisions.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Null(failed);
        Assert.Equal(faults, told);
    }

    [Theory]
    [InlineData(.3, 3)]
    [InlineData(.25, 3)]
    [InlineData(1, 10)]
    public async Task Run_TestShare_IsOfTheLastRows(double share, int events)
    {
        var csv = Replays.Csv(Enumerable.Range(0, 10).Select(i => Row(Noon.AddHours(i), i == 9 ? "spam" : "legitimate")));

        var (result, _, _) = await Replays.RunAsync(csv, new ReplayOptions { TestShare = share });

        Assert.Equal((10, 1), (result!.All.Events, result.All.Spam));
        Assert.Equal((events, 1), (result.Test.Events, result.Test.Spam));
    }

    [Fact]
    public async Task Run_AccountsAsMembersOnly_AreNotRemembered()
    {
        var csv = Replays.Csv(Enumerable.Range(0, 10).Select(i => Row(Noon.AddHours(2 * i), "spam", account: "a1")));

        var (_, ignored, _) = await Replays.RunAsync(csv);
        var (_, members, _) = await Replays.RunAsync(csv, new ReplayOptions { AccountMembers = true });
        var (_, memory, _) = await Replays.RunAsync(csv, new ReplayOptions { AccountMemory = true });

        Assert.DoesNotContain(ignored.Concat(members), line => line.Contains("ACCOUNT_", StringComparison.Ordinal));
        Assert.Contains(memory, line => line.Contains("ACCOUNT_REPUTATION", StringComparison.Ordinal));
        Assert.True(Replays.Probabilities(members)[9] < Replays.Probabilities(ignored)[9], "one member's reports count once");
    }

    [Fact]
    public void Run_FileMuchLongerThanMemory_HoldsWhatIsLiveAlone()
    {
        // An event an hour, each from a network and a region of its own: at most 7 days of addresses and 30 of networks and of regions are live.
        static string Csv(int days) => Replays.Csv(Enumerable.Range(0, 24 * days).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{Noon.AddHours(i):yyyy-MM-ddTHH:mm:ssZ},message,{20 + (i / 250)}.{i % 250}.7.9,,,legitimate,,")));
        const int Live = 24 * (7 + 30 + 30);

        Assert.InRange(Records(Csv(90)), Live / 2, Live + 3);
        Assert.InRange(Records(Csv(180)), Live / 2, Live + 3);
    }

    private static int Records(string csv)
    {
        using var reader = MailEventReader.Open(Replays.Stream(csv), accounts: false, contents: false, out _)!;
        using var runner = new ReplayRunner(new ReplayOptions(), new FileSurvey(0, AnyReport: false), decisions: null, fault => Assert.Fail(fault.ToString()));
        runner.Run(reader, CancellationToken.None);
        return runner.Records;
    }

    private static string Row(DateTimeOffset time, string label, string reportedAs = "", DateTimeOffset? reportedAt = null, string account = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ssZ},message,{Address},{account},,{label},{reportedAs},{reportedAt:yyyy-MM-ddTHH:mm:ssZ}");
}
