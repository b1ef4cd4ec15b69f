using System.Globalization;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Replay;

/// <summary>A comparison of two policies, for people.</summary>
internal static class ComparisonTable
{
    /// <summary>What changed, with examples; the verdicts of both about spam and about legitimate events; and the figures side by side.</summary>
    public static IEnumerable<TextTable> Of(ComparisonResult result, double testShare) =>
    [
        new TextTable(
            ["change", "events", "rows, the first of them"],
            [
                ["caught more: spam, harder", Count(result.Spam.Harder), Rows(result.Spam.HarderRows)],
                ["missed more: spam, milder", Count(result.Spam.Milder), Rows(result.Spam.MilderRows)],
                ["hurt more: legitimate, harder", Count(result.Legitimate.Harder), Rows(result.Legitimate.HarderRows)],
                ["spared more: legitimate, milder", Count(result.Legitimate.Milder), Rows(result.Legitimate.MilderRows)],
                ["decisions that differ", Count(result.DifferingRows.Count), Rows(result.DifferingRows.Take(VerdictChanges.MostExamples))],
            ],
            "change"),
        Matrix("spam", result.Spam),
        Matrix("legitimate", result.Legitimate),
        ReplayTable.Of(
            [
                ("all rows, live", result.Live.All), ("all rows, candidate", result.Candidate.All),
                (ReplayTable.LastShare(testShare) + ", live", result.Live.Test), (ReplayTable.LastShare(testShare) + ", candidate", result.Candidate.Test),
            ],
            result.Live.Skipped),
    ];

    private static TextTable Matrix(string truth, VerdictChanges changes) => new(
        [truth + ": live by candidate", .. Verdicts.All.Select(static verdict => verdict.Name())],
        [.. Verdicts.All.Select(live => (IReadOnlyList<string>)[live.Name(), .. changes.Matrix[(int)live].Select(Count)])],
        truth);

    private static string Rows(IEnumerable<long> rows) => string.Join(' ', rows.Select(Count));

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
