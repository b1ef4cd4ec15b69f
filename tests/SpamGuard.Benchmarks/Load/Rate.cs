namespace SpamGuard.Benchmarks.Load;

/// <summary>How many in how long.</summary>
internal readonly record struct Rate(int Count, TimeSpan Elapsed)
{
    public double PerSecond => Count / Elapsed.TotalSeconds;
}
