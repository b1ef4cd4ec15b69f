using System.Globalization;

namespace SpamGuard.Cli.Replay;

/// <summary>The figures of a replay, for people.</summary>
internal static class ReplayTable
{
    private const string None = "-";

    /// <summary>One line a figure: over all rows, and over the last share of them.</summary>
    public static TextTable Of(ReplayResult result, double testShare)
    {
        var (all, test) = (result.All, result.Test);
        List<IReadOnlyList<string>> rows =
        [
            ["events", Count(all.Events), Count(test.Events)],
            ["spam", Count(all.Spam), Count(test.Spam)],
            ["AUC", Number(all.Auc), Number(test.Auc)],
            ["average precision", Number(all.AveragePrecision), Number(test.AveragePrecision)],
            ["recall at FPR .001", Number(all.RecallAtThousandth), Number(test.RecallAtThousandth)],
            ["recall at FPR .01", Number(all.RecallAtHundredth), Number(test.RecallAtHundredth)],
            ["recall at FPR .05", Number(all.RecallAtTwentieth), Number(test.RecallAtTwentieth)],
            .. Of("CHALLENGE or harder", all.AtLeastChallenge, test.AtLeastChallenge),
            .. Of("THROTTLE or harder", all.AtLeastThrottle, test.AtLeastThrottle),
            .. Of("DENY", all.Deny, test.Deny),
            ["rows skipped", Count(result.Skipped), None],
        ];
        return new TextTable(["figure", "all rows", string.Create(CultureInfo.InvariantCulture, $"last {testShare * 100:0.##} %")], rows);
    }

    private static IEnumerable<IReadOnlyList<string>> Of(string verdict, VerdictFigures all, VerdictFigures test) =>
    [
        [verdict + ": recall", Number(all.Recall), Number(test.Recall)],
        [verdict + ": FPR", Number(all.FalsePositiveRate), Number(test.FalsePositiveRate)],
        [verdict + ": precision", Number(all.Precision), Number(test.Precision)],
    ];

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? figure) => figure?.ToString("0.0000", CultureInfo.InvariantCulture) ?? None;
}
