using SpamGuard.Cli.Replay;
using SpamGuard.Policies;

namespace SpamGuard.Tests.Replay;

public sealed class ScoreHistogramTests
{
    [Fact]
    public void Add_UpToTheMostGroups_TellsEveryProbabilityApart()
    {
        var scores = new ScoreHistogram();
        for (var i = 0; i < ScoreHistogram.MostGroups; i++)
        {
            scores.Add(.25 + (i * 1e-12), spam: i % 2 == 0, Verdict.Allow);
        }

        Assert.Equal(ScoreHistogram.MostGroups, scores.Descending().Count());
        Assert.Equal(new ScoreHistogram.Group(0, 1), scores.Descending().First());
    }

    [Fact]
    public void Add_ManyMoreProbabilities_StaysWithinItsLimitAndLosesNextToNothing()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 600_000).Select(_ => random.NextDouble())
            .Select(p => (Probability: Math.Clamp(p, .001, .999), Spam: random.NextDouble() < p)).ToList();
        var scores = new ScoreHistogram();
        rows.ForEach(row => scores.Add(row.Probability, row.Spam, Verdict.Allow));

        Assert.InRange(scores.Descending().Count(), ScoreHistogram.MostGroups / 4, ScoreHistogram.MostGroups);
        Assert.Equal(rows.Count(row => row.Spam), scores.Descending().Sum(group => group.Spam));
        var pairs = (double)scores.Spam * scores.Legitimate;
        var tied = scores.Descending().Sum(group => (double)group.Spam * group.Legitimate) / pairs;
        Assert.InRange(tied, double.Epsilon, 2e-5);
        Assert.Equal(ExactAuc(rows), DetectionFigures.Of(scores).Auc!.Value, tied / 2);
    }

    [Fact]
    public void Add_OfAnotherHistogram_IsAsIfAllHadBeenCountedInOne()
    {
        var random = new Random(2);
        var (one, fine, coarse) = (new ScoreHistogram(), new ScoreHistogram(), new ScoreHistogram());
        for (var i = 0; i < 200_000; i++)
        {
            var (p, spam, verdict) = (random.NextDouble(), random.Next(2) == 0, (Verdict)random.Next(4));
            one.Add(p, spam, verdict);
            (i < 1000 ? fine : coarse).Add(p, spam, verdict);
        }

        fine.Add(coarse);

        Assert.Equal(one.Descending(), fine.Descending());
        Assert.Equal(DetectionFigures.Of(one), DetectionFigures.Of(fine));
        Assert.Equal(one.Calibration.Select(range => (range.Events, range.Spam)), fine.Calibration.Select(range => (range.Events, range.Spam)));
    }

    [Fact]
    public void Calibration_OfProbabilities_CountsEachInItsRange()
    {
        var scores = new ScoreHistogram();
        scores.Add(0, spam: false, Verdict.Allow);
        scores.Add(.05, spam: true, Verdict.Allow);
        scores.Add(.95, spam: true, Verdict.Deny);
        scores.Add(1, spam: true, Verdict.Deny);

        Assert.Equal(new ScoreRange(2, 1, .05), scores.Calibration[0]);
        Assert.Equal(new ScoreRange(2, 2, 1.95), scores.Calibration[^1]);
        Assert.All(scores.Calibration.Skip(1).SkipLast(1), range => Assert.Equal(default, range));
    }

    private static double ExactAuc(IEnumerable<(double Probability, bool Spam)> rows)
    {
        var (area, hits, misses) = (0.0, 0L, 0L);
        foreach (var ties in rows.GroupBy(row => row.Probability).OrderByDescending(ties => ties.Key))
        {
            var (spam, ham) = (ties.Count(row => row.Spam), ties.Count(row => !row.Spam));
            area += ham * (hits + (spam / 2.0));
            hits += spam;
            misses += ham;
        }

        return area / hits / misses;
    }
}
