namespace SpamGuard.AspNetCore.Challenges;

/// <summary>What came of a challenge.</summary>
internal sealed class ChallengeAnswer(ChallengedDecision decision)
{
    /// <summary>What was challenged.</summary>
    public ChallengedDecision Decision => decision;

    /// <summary>When it was last noted that it is to be remembered, as a timestamp, and how often it was.</summary>
    public (long At, int Times) Noted { get; set; }

    /// <summary>Whether the proof held; <c>null</c> as long as nobody said.</summary>
    public bool? Holds { get; set; }
}
