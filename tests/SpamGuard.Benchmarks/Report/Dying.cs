namespace SpamGuard.Benchmarks.Report;

/// <summary>How long a PING took while keys died in one way.</summary>
/// <param name="Name">The way.</param>
/// <param name="Pings">In ascending order.</param>
/// <param name="Took">From the first death until no key was left.</param>
/// <param name="Capped">How often Redis broke off its purge, for it had taken all the time that it may at once. A busy machine does not change that.</param>
internal sealed record Dying(string Name, IReadOnlyList<TimeSpan> Pings, TimeSpan Took, long Capped)
{
    /// <summary>A quantile of the times; 1 is the longest.</summary>
    public TimeSpan Latency(double quantile) => Pings.Count == 0 ? TimeSpan.Zero : Pings[(int)Math.Ceiling(quantile * (Pings.Count - 1))];
}
