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
    public static VerdictFigures Of(ScoreHistogram scores, Verdict mildest)
    {
        var met = scores.AtLeast(mildest);
        return new VerdictFigures(
            Share(met.Spam, scores.Spam), Share(met.Legitimate, scores.Legitimate), Share(met.Spam, met.Spam + met.Legitimate));
    }

    private static double? Share(long part, long whole) => whole == 0 ? null : part / (double)whole;
}
