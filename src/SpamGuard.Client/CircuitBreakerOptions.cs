namespace SpamGuard.Client;

/// <summary>When calls stop being made because they fail: then a fallback takes no time, and a service that is in trouble gets no more work.</summary>
public sealed class CircuitBreakerOptions
{
    /// <summary>The part of calls that must fail, above 0 and up to 1. Default: .5.</summary>
    public double FailureRatio { get; set; } = .5;

    /// <summary>Of how many calls within <see cref="SamplingDuration"/> at least. 2 to 10,000. Default: 10.</summary>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>Over which time. .5 s to 10 min. Default: 2 s, so that it opens a second after the last answer.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long no call is made; then one is, and if it succeeds all are. .5 s to 1 min. Default: 1 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);
}
