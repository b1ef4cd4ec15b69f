namespace SpamGuard.Benchmarks.Report;

/// <summary>What became of a row.</summary>
/// <param name="Kind">Which row.</param>
/// <param name="Median">The median of its rounds; <c>null</c> where it has none.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Fault">Why it is worth nothing, if it is.</param>
internal sealed record RatioRow(RowKind Kind, double? Median, double? Min, double? Max, string? Fault)
{
    /// <summary>Whether it was measured, without a fault, and is on the right side of its floor.</summary>
    public bool Met => Fault is null && Median is { } median && Kind.IsMetBy(median);

    public static RatioRow Of(RowKind kind, IReadOnlyCollection<double> samples, string? fault)
    {
        if (samples.Count == 0)
        {
            return new RatioRow(kind, null, null, null, fault ?? "not measured");
        }

        double[] sorted = [.. samples.Order()];
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new RatioRow(kind, median, sorted[0], sorted[^1], fault);
    }
}
