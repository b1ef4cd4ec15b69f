using System.Globalization;

namespace SpamGuard.Cli.Replay;

/// <summary>The figures of a replay, for people.</summary>
internal static class ReplayTable
{
    private const string None = "-";

    /// <summary>One line a figure: over all rows, and over the last share of them; where there is another retention to compare with, of both.</summary>
    public static TextTable Of(ReplayResult result, double testShare)
    {
        var last = LastShare(testShare);
        return result.ByDefault is { } usual
            ? Of(
                [("all rows, default", usual.All), ("all rows, given", result.All), (last + ", default", usual.Test), (last + ", given", result.Test)],
                result.Skipped)
            : Of([("all rows", result.All), (last, result.Test)], result.Skipped);
    }

    /// <summary>One line a figure, one column each of what is set side by side.</summary>
    public static TextTable Of(IReadOnlyList<(string Name, DetectionFigures Figures)> columns, int skipped)
    {
        List<IReadOnlyList<string>> rows =
        [
            Row("events", figures => Count(figures.Events)),
            Row("spam", figures => Count(figures.Spam)),
            Row("AUC", figures => Number(figures.Auc)),
            Row("average precision", figures => Number(figures.AveragePrecision)),
            Row("recall at FPR .001", figures => Number(figures.RecallAtThousandth)),
            Row("recall at FPR .01", figures => Number(figures.RecallAtHundredth)),
            Row("recall at FPR .05", figures => Number(figures.RecallAtTwentieth)),
            .. Verdict("CHALLENGE or harder", figures => figures.AtLeastChallenge),
            .. Verdict("THROTTLE or harder", figures => figures.AtLeastThrottle),
            .. Verdict("DENY", figures => figures.Deny),
            ["rows skipped", Count(skipped), .. columns.Skip(1).Select(_ => None)],
        ];
        return new TextTable(["figure", .. columns.Select(column => column.Name)], rows);

        IReadOnlyList<string> Row(string name, Func<DetectionFigures, string> figure) => [name, .. columns.Select(column => figure(column.Figures))];

        IEnumerable<IReadOnlyList<string>> Verdict(string verdict, Func<DetectionFigures, VerdictFigures> figures) =>
        [
            Row(verdict + ": recall", column => Number(figures(column).Recall)),
            Row(verdict + ": FPR", column => Number(figures(column).FalsePositiveRate)),
            Row(verdict + ": precision", column => Number(figures(column).Precision)),
        ];
    }

    /// <summary>What the last share of the rows is called.</summary>
    public static string LastShare(double testShare) => string.Create(CultureInfo.InvariantCulture, $"last {testShare * 100:0.##} %");

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? figure) => figure?.ToString("0.0000", CultureInfo.InvariantCulture) ?? None;
}
