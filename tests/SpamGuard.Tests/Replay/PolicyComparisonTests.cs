using System.Text.Json;
using SpamGuard.Cli.Replay;
using SpamGuard.Policies;

namespace SpamGuard.Tests.Replay;

public sealed class PolicyComparisonTests
{
    private static readonly ScoringPolicy Live = ScoringPolicy.Default;

    public static TheoryData<string> Candidates => new("the same", "stricter thresholds", "another prior", "a weight of one signal");

    [Theory]
    [MemberData(nameof(Candidates))]
    public async Task Run_DifferingRows_AreThoseInWhichTheFilesOfDecisionsDiffer(string name)
    {
        var candidate = Candidate(name);
        var result = Compare(candidate);
        var (live, liveLines, _) = await Replays.RunAsync(Mails);
        var (other, otherLines, _) = await Replays.RunAsync(Mails, new ReplayOptions { Policy = Policy.Of(candidate) });

        var differing = liveLines.Zip(otherLines).Where(pair => pair.First != pair.Second).Select(pair => Row(pair.First)).ToList();
        Assert.Equal(differing, result.DifferingRows);
        Assert.Equal(differing.Count == 0, name == "the same");
        Assert.Equal((live, other), (result.Live, result.Candidate));
    }

    [Theory]
    [MemberData(nameof(Candidates))]
    public async Task Run_Changes_AreWhatTheFilesOfDecisionsSay(string name)
    {
        var candidate = Candidate(name);
        var result = Compare(candidate);
        var (_, liveLines, _) = await Replays.RunAsync(Mails);
        var (_, otherLines, _) = await Replays.RunAsync(Mails, new ReplayOptions { Policy = Policy.Of(candidate) });
        var spam = (await File.ReadAllLinesAsync(Replays.MailEvents)).Skip(1).Select(line => line.Split(',')[5] == "spam").ToList();
        var pairs = liveLines.Zip(otherLines).Skip(1).Select(pair => (Row: Row(pair.First), Live: VerdictOf(pair.First), Candidate: VerdictOf(pair.Second))).ToList();

        foreach (var (changes, truth) in new[] { (result.Spam, true), (result.Legitimate, false) })
        {
            var mine = pairs.Where(pair => spam[(int)pair.Row] == truth).ToList();
            foreach (var (live, other) in Verdicts.All.SelectMany(_ => Verdicts.All, (one, two) => (one, two)))
            {
                Assert.Equal(mine.Count(pair => pair.Live == live && pair.Candidate == other), changes.Matrix[(int)live][(int)other]);
            }

            var harder = mine.Where(pair => pair.Candidate > pair.Live).Select(pair => pair.Row).ToList();
            var milder = mine.Where(pair => pair.Candidate < pair.Live).Select(pair => pair.Row).ToList();
            Assert.Equal((harder.Count, milder.Count), (changes.Harder, changes.Milder));
            Assert.Equal(harder.Take(VerdictChanges.MostExamples), changes.HarderRows);
            Assert.Equal(milder.Take(VerdictChanges.MostExamples), changes.MilderRows);
        }
    }

    [Fact]
    public void Run_StricterThresholds_CatchMoreHurtMoreAndMissNothing()
    {
        var result = Compare(Candidate("stricter thresholds"));

        Assert.True(result.Spam.Harder > 0 && result.Legitimate.Harder > 0);
        Assert.Equal((0, 0), (result.Spam.Milder, result.Legitimate.Milder));
        Assert.Equal(VerdictChanges.MostExamples, result.Spam.HarderRows.Count);
    }

    [Fact]
    public void Json_Names_AreTheContract()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(Compare(Candidate("another prior"))));

        Assert.Equal(["live", "candidate", "spam", "legitimate", "differing_rows"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["live_by_candidate", "harder", "harder_rows", "milder", "milder_rows"],
            json.RootElement.GetProperty("spam").EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.Number, json.RootElement.GetProperty("differing_rows")[0].ValueKind);
    }

    [Fact]
    public void Table_OfAComparison_TellsItsPartsApart()
    {
        var result = Compare(Candidate("stricter thresholds"));

        var lines = ComparisonTable.Of(result, .3).SelectMany(table => table.Lines()).ToList();

        Assert.StartsWith($"change\tcaught more: spam, harder\t{result.Spam.Harder}\t{result.Spam.HarderRows[0]} ", lines[0], StringComparison.Ordinal);
        Assert.Equal("spam\tALLOW\t" + string.Join('\t', result.Spam.Matrix[0]), lines[5]);
        Assert.Equal("legitimate\tDENY\t" + string.Join('\t', result.Legitimate.Matrix[3]), lines[12]);
        Assert.Equal("figure\tall rows, live\tall rows, candidate\tlast 30 %, live\tlast 30 %, candidate", lines[13]);
    }

    [Fact]
    public void RowRanges_OfRows_GivesThemBack()
    {
        long[] rows = [0, 1, 2, 5, 7, 8, 100];
        var ranges = new RowRanges();
        foreach (var row in rows)
        {
            ranges.Add(row);
        }

        Assert.Equal(rows, ranges);
        Assert.Equal(rows.Length, ranges.Count);
    }

    private static Stream Mails() => File.OpenRead(Replays.MailEvents);

    private static ScoringPolicy Candidate(string name) => name switch
    {
        "the same" => Live with { },
        "stricter thresholds" => Live with { ChallengeFrom = .2, ThrottleFrom = .4, DenyFrom = .8 },
        "another prior" => Live with { PriorMax = .15 },
        "a weight of one signal" => Live with { WideLimit = .8 },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, message: null),
    };

    private static ComparisonResult Compare(ScoringPolicy candidate)
    {
        using var first = MailEventReader.Open(Mails(), accounts: false, contents: false, out _)!;
        using var reader = MailEventReader.Open(Mails(), accounts: false, contents: false, out _)!;
        var survey = FileSurvey.Of(first, moved: null, CancellationToken.None);
        using var comparison = new PolicyComparison(
            new ReplayOptions { Policy = Policy.Of(candidate) }, Policy.Of(Live), survey, decisions: null, fault => Assert.Fail(fault.ToString()));
        return comparison.Run(reader, CancellationToken.None)!;
    }

    private static long Row(string line) => long.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Verdict VerdictOf(string line) => Verdicts.All.Single(verdict => verdict.Name() == line.Split(',')[2]);
}
