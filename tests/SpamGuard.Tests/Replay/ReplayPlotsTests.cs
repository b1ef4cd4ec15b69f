using System.Xml.Linq;
using OxyPlot.Series;
using SpamGuard.Cli;
using SpamGuard.Cli.Replay;
using SpamGuard.Policies;
using SpamGuard.Tests.Cli;

namespace SpamGuard.Tests.Replay;

public sealed class ReplayPlotsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-plots-");

    [Theory]
    [InlineData("reliability.svg", "Reliability diagram", "Probability of spam that was answered (mean of each tenth)", "Share of spam", "Events", "as it should be")]
    [InlineData("roc.svg", "ROC curve", "False-positive rate (share of legitimate events)", "Recall (share of spam)", "no better than chance")]
    [InlineData("precision-recall.svg", "Precision and recall", "Recall (share of spam)", "Precision (share of spam at or above a threshold)", "chance, all rows")]
    public async Task Replay_Plots_AreSvgWithTitleFiguresAxesAndBothCurves(string file, params string[] texts)
    {
        var to = Path.Combine(_folder.FullName, "made", "for it");

        var (code, _, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--plots", to, "--test-share", "0.25"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        Assert.Equal(["precision-recall.svg", "reliability.svg", "roc.svg"], Directory.GetFiles(to).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var drawn = XDocument.Load(Path.Combine(to, file)).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        Assert.All([.. texts, "all rows", "last 25 %"], text => Assert.Contains(text, drawn));
        Assert.Contains(drawn, text => text.Contains(": all rows 0.", StringComparison.Ordinal) && text.Contains(", last 25 % 0.", StringComparison.Ordinal));
    }

    [Fact]
    public void Roc_OfFewRows_HasAPointAThreshold() =>
        Assert.Equal([(0, 0), (0, .5), (1 / 3.0, .5), (1 / 3.0, 1), (2 / 3.0, 1), (1, 1)], Points("roc.svg", "all rows"));

    [Fact]
    public void PrecisionRecall_OfFewRows_HasAPointAThreshold() =>
        Assert.Equal([(.5, 1), (.5, .5), (1, 2 / 3.0), (1, .5), (1, .4)], Points("precision-recall.svg", "all rows"));

    [Fact]
    public void Reliability_OfFewRows_HasAPointATenthAndSaysHowManyThereWere()
    {
        Assert.Equal([(.05, 0), (.35, .5), (.95, 1)], Points("reliability.svg", "all rows").Select(point => (Math.Round(point.X, 9), point.Y)));
        var counts = Draw("reliability.svg").Annotations.OfType<OxyPlot.Annotations.TextAnnotation>().Select(annotation => annotation.Text);
        Assert.Equal(["2", "0", "0", "2", "0", "0", "0", "0", "0", "1"], counts.Take(ScoreHistogram.CalibrationRanges));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Draw_OneClassOnly_DrawsNoCurveAndDoesNotFail(bool spam)
    {
        var scores = new ScoreHistogram();
        scores.Add(.5, spam, Verdict.Allow);

        ReplayPlots.Write(_folder.FullName, (scores, DetectionFigures.Of(scores)), (scores, DetectionFigures.Of(scores)), "last 30 %");

        Assert.Contains("AUC: all rows none, last 30 % none", File.ReadAllText(Path.Combine(_folder.FullName, "roc.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_PlotsWhereNoFolderCanBe_FailsBeforeTheReplay()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");

        var (code, output, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--plots", Path.Combine(file, "plots")]);

        Assert.Equal((ExitCodes.Failure, ""), (code, output));
        Assert.StartsWith("--plots: no file can be written there: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_PlotsIntoNothing_IsRefused()
    {
        var (code, _, errors) = await CommandLines.RunAsync(["replay", Replays.MailEvents, "--plots", ""]);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith("--plots is the path of a folder, and not empty.", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static List<(double X, double Y)> Points(string file, string series) =>
        [.. Draw(file).Series.OfType<LineSeries>().Single(line => line.Title == series).Points.Select(point => (point.X, point.Y))];

    private static OxyPlot.PlotModel Draw(string file)
    {
        var scores = new ScoreHistogram();
        foreach (var (probability, spam) in new[] { (.95, true), (.36, false), (.34, true), (.06, false), (.04, false) })
        {
            scores.Add(probability, spam, Verdict.Allow);
        }

        var figures = DetectionFigures.Of(scores);
        return ReplayPlots.All.Single(plot => plot.File == file).Draw(
            [new("all rows", scores, figures, OxyPlot.OxyColors.Blue), new("last 30 %", scores, figures, OxyPlot.OxyColors.Red)]);
    }
}
