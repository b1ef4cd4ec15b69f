namespace SpamGuard.Cli.Replay;

/// <summary>What every threshold would give, from the strictest to none.</summary>
internal static class DetectionCurve
{
    private const double Step = .001; // what no eye tells apart is left out of a drawing

    /// <summary>A point a threshold that differs by a thousandth from the one before it; empty without spam or without legitimate events.</summary>
    public static IReadOnlyList<CurvePoint> Of(ScoreHistogram scores)
    {
        var points = new List<CurvePoint>();
        if (scores.Spam == 0 || scores.Legitimate == 0)
        {
            return points;
        }

        var passed = default(ScoreHistogram.Group);
        var drawn = new CurvePoint(0, 0, 0);
        foreach (var group in scores.Descending())
        {
            passed += group;
            var point = new CurvePoint(
                passed.Legitimate / (double)scores.Legitimate, passed.Spam / (double)scores.Spam, passed.Spam / (double)(passed.Spam + passed.Legitimate));
            if (points.Count == 0 || point.IsAway(drawn, Step) || passed == new ScoreHistogram.Group(scores.Spam, scores.Legitimate))
            {
                points.Add(point);
                drawn = point;
            }
        }

        return points;
    }
}

/// <summary>What one threshold would give, each from 0 to 1.</summary>
/// <param name="FalsePositiveRate">The share of legitimate events at or above it.</param>
/// <param name="Recall">The share of spam at or above it.</param>
/// <param name="Precision">The share of spam among what is at or above it.</param>
internal readonly record struct CurvePoint(double FalsePositiveRate, double Recall, double Precision)
{
    /// <summary>Whether another point is at least so far away.</summary>
    public bool IsAway(CurvePoint other, double distance) =>
        Math.Abs(FalsePositiveRate - other.FalsePositiveRate) >= distance
        || Math.Abs(Recall - other.Recall) >= distance
        || Math.Abs(Precision - other.Precision) >= distance;
}
