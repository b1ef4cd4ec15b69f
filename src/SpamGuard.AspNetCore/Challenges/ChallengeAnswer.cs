namespace SpamGuard.AspNetCore.Challenges;

/// <summary>What came of a challenge.</summary>
internal sealed class ChallengeAnswer(ChallengedDecision decision)
{
    /// <summary>What was challenged.</summary>
    public ChallengedDecision Decision => decision;

    /// <summary>Whether the proof held; <c>null</c> as long as nobody said.</summary>
    public bool? Holds { get; set; }
}
