using HdrHistogram;

namespace SpamGuard.Cli.Load;

/// <summary>Latencies, in milliseconds.</summary>
/// <param name="P50">Half of the calls took no longer.</param>
/// <param name="P90">Nine in ten.</param>
/// <param name="P99">99 in a hundred.</param>
/// <param name="P999">999 in a thousand.</param>
/// <param name="Max">The longest.</param>
internal sealed record LoadLatency(double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>Those of a histogram in microseconds; <c>null</c> where it is empty.</summary>
    public static LoadLatency? Of(HistogramBase histogram) => histogram.TotalCount == 0 ? null : new LoadLatency(
        At(histogram, 50), At(histogram, 90), At(histogram, 99), At(histogram, 99.9), histogram.GetMaxValue() / 1000.0);

    private static double At(HistogramBase histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
}
