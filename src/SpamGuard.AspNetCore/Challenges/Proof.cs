using SpamGuard.Client;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>What a request brought back from a challenge. Until it is disposed, others with the same wait.</summary>
/// <param name="answer">What came of the challenge.</param>
/// <param name="assessment">What is to be said of the event now; <c>null</c> where it was never counted.</param>
internal sealed class Proof(ChallengeAnswer answer, SpamGuardAssessment? assessment) : IDisposable
{
    /// <summary>What is to be said of the event now; <c>null</c> where it was never counted.</summary>
    public SpamGuardAssessment? Assessment => assessment;

    /// <summary>Whether the application says that it holds.</summary>
    public bool Holds => answer.Holds == true;

    /// <summary>Whether another request was let through for it.</summary>
    public bool IsUsed => answer.IsUsed;

    /// <summary>The decision that set the challenge; <c>null</c> where the service was away then, and the event was not counted since.</summary>
    public string? DecisionToken => answer.DecisionToken;

    /// <summary>Keeps the decision of an event that is counted only now, for the case that the request comes again.</summary>
    public void Keep(string? decisionToken) => answer.DecisionToken ??= decisionToken;

    /// <summary>Lets a request through for it.</summary>
    public void Use() => answer.IsUsed = true;

    /// <inheritdoc/>
    public void Dispose() => answer.GiveBack();
}
