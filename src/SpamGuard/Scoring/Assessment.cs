using SpamGuard.Policies;
using SpamGuard.Signals;

namespace SpamGuard.Scoring;

/// <summary>The answer about one event.</summary>
internal sealed record Assessment
{
    /// <summary>Opaque, sealed, expiring handle for feedback, appeals and "why was this?".</summary>
    public required string DecisionToken { get; init; }

    /// <summary>What the caller should do.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Probability of spam, 0 to 1; 1 is spam.</summary>
    public required double SpamProbability { get; init; }

    /// <summary>What the probability is made of, strongest first.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>Whole seconds after which a preview would be milder than THROTTLE; <c>null</c> for ALLOW and CHALLENGE.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>Unix second at which the address' record is gone.</summary>
    public required long ExpireTime { get; init; }

    /// <summary>The policy that judged.</summary>
    public required string PolicyRevision { get; init; }

    /// <summary>Whether this repeats the answer to an earlier call with the same request id: nothing was counted.</summary>
    public bool Replayed { get; init; }

    /// <summary>How much is known, coarsely, per level.</summary>
    public required IReadOnlyList<LevelEvidence> Evidence { get; init; }
}
