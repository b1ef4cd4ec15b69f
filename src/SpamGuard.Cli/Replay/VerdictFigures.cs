using System.Text.Json.Serialization;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Replay;

/// <summary>How well a verdict, and those harder than it, meet spam.</summary>
/// <param name="Recall">The share of spam that it met; <c>null</c> without spam.</param>
/// <param name="FalsePositiveRate">The share of legitimate events that it met; <c>null</c> without any.</param>
/// <param name="Precision">The share of spam among what it met; <c>null</c> where it met nothing.</param>
internal sealed record VerdictFigures(
    [property: JsonPropertyName("recall")] double? Recall,
    [property: JsonPropertyName("fpr")] double? FalsePositiveRate,
    [property: JsonPropertyName("precision")] double? Precision)
{
    /// <summary>The figures of a verdict and the harder ones.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="mildest">The verdict.</param>
    /// <param name="spam">How many of the rows are spam.</param>
    public static VerdictFigures Of(ReadOnlySpan<ScoredRow> rows, Verdict mildest, int spam)
    {
        var (met, hits) = (0, 0);
        foreach (ref readonly var row in rows)
        {
            if (row.Verdict >= mildest)
            {
                met++;
                hits += row.Spam ? 1 : 0;
            }
        }

        return new VerdictFigures(Share(hits, spam), Share(met - hits, rows.Length - spam), Share(hits, met));
    }

    private static double? Share(int part, int whole) => whole == 0 ? null : part / (double)whole;
}
