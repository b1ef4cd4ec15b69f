using System.Text.Json;
using SpamGuard.Cli.Replay;
using SpamGuard.Policies;

namespace SpamGuard.Tests.Replay;

public sealed class DetectionFiguresTests
{
    [Fact]
    public void Of_NoTies_IsWhatAHandCounts()
    {
        // Downwards: spam, ham, spam, ham. Of 4 pairs 3 are in order. Precision at the two spams: 1/1 and 2/3.
        var figures = Of((.9, true), (.2, false), (.5, true), (.7, false));

        Assert.Equal((4, 2), (figures.Events, figures.Spam));
        Assert.Equal(.75, figures.Auc!.Value, 12);
        Assert.Equal((1 + (2 / 3.0)) / 2, figures.AveragePrecision!.Value, 12);
        Assert.Equal(.5, figures.RecallAtThousandth);
        Assert.Equal(.5, figures.RecallAtTwentieth);
    }

    [Fact]
    public void Of_Ties_CountAsOneGroup()
    {
        // .8: spam, ham; .3: spam, ham, ham. Pairs in order: .8 spam over both .3 hams, 2; tied pairs count half: 1 at .8, 2 at .3: 1.5. Of 6.
        // Precision: 1/2 at the first group, 2/5 at the second. No threshold gets a spam without a ham.
        var figures = Of((.3, true), (.8, true), (.3, false), (.8, false), (.3, false));

        Assert.Equal(3.5 / 6, figures.Auc!.Value, 12);
        Assert.Equal((.5 + .4) / 2, figures.AveragePrecision!.Value, 12);
        Assert.Equal(0, figures.RecallAtTwentieth);
    }

    [Fact]
    public void Of_RecallAtARate_StopsAtTheLastGroupWithinIt()
    {
        // 1,000 legitimate events: one above .9, nine more above .8, forty more above .7; 10 spams at each step.
        var rows = Enumerable.Repeat((.95, true), 10).Append((.9, false))
            .Concat(Enumerable.Repeat((.85, true), 10)).Concat(Enumerable.Repeat((.8, false), 9))
            .Concat(Enumerable.Repeat((.75, true), 10)).Concat(Enumerable.Repeat((.7, false), 40))
            .Concat(Enumerable.Repeat((.65, true), 10)).Concat(Enumerable.Repeat((.6, false), 950));

        var figures = Of([.. rows]);

        Assert.Equal(.5, figures.RecallAtThousandth);
        Assert.Equal(.75, figures.RecallAtHundredth);
        Assert.Equal(1, figures.RecallAtTwentieth);
    }

    [Fact]
    public void Of_Verdicts_CountsAVerdictAndTheHarderOnes()
    {
        var figures = Of(
        [
            (.95, true, Verdict.Deny), (.7, true, Verdict.Throttle), (.65, false, Verdict.Throttle), (.4, true, Verdict.Challenge),
            (.35, false, Verdict.Challenge), (.1, true, Verdict.Allow), (.05, false, Verdict.Allow), (.04, false, Verdict.Allow),
        ]);

        Assert.Equal(new VerdictFigures(3 / 4.0, 2 / 4.0, 3 / 5.0), figures.AtLeastChallenge);
        Assert.Equal(new VerdictFigures(2 / 4.0, 1 / 4.0, 2 / 3.0), figures.AtLeastThrottle);
        Assert.Equal(new VerdictFigures(1 / 4.0, 0, 1), figures.Deny);
    }

    [Fact]
    public void Of_OneClassOrNothing_SaysNullInsteadOfANumber()
    {
        var spamOnly = Of((.9, true), (.2, true));
        var hamOnly = Of((.9, false));
        var nothing = Of();

        Assert.Equal((null, 1.0, null), (spamOnly.Auc, spamOnly.AveragePrecision, spamOnly.RecallAtHundredth));
        Assert.Equal((null, null, null), (hamOnly.Auc, hamOnly.AveragePrecision, hamOnly.RecallAtHundredth));
        Assert.Equal(new VerdictFigures(0, null, null), spamOnly.Deny);
        Assert.Equal(new VerdictFigures(null, 0, null), hamOnly.Deny);
        Assert.Equal(new VerdictFigures(null, null, null), nothing.Deny);
        Assert.Equal(0, nothing.Events);
    }

    [Fact]
    public void Json_Names_AreTheContract()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(new ReplayResult(Of((.9, true)), Of(), 3)));

        Assert.Equal(["all", "test", "skipped"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            [
                "events", "spam", "auc", "average_precision", "recall_at_fpr_0_001", "recall_at_fpr_0_01", "recall_at_fpr_0_05",
                "at_least_challenge", "at_least_throttle", "deny",
            ],
            json.RootElement.GetProperty("all").EnumerateObject().Select(property => property.Name));
        var deny = json.RootElement.GetProperty("test").GetProperty("deny");
        Assert.Equal(["recall", "fpr", "precision"], deny.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.Null, deny.GetProperty("recall").ValueKind);
    }

    private static DetectionFigures Of(params (double Probability, bool Spam)[] rows) =>
        Of(rows.Select(row => (row.Probability, row.Spam, Verdict.Allow)));

    private static DetectionFigures Of(IEnumerable<(double Probability, bool Spam, Verdict Verdict)> rows)
    {
        var scores = new ScoreHistogram();
        foreach (var (probability, spam, verdict) in rows)
        {
            scores.Add(probability, spam, verdict);
        }

        return DetectionFigures.Of(scores);
    }
}
