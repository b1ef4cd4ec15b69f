using SpamGuard.Client;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>What a request brought back from a challenge. Until it is disposed, others with the same decision wait.</summary>
/// <param name="challenge">The challenge.</param>
/// <param name="answer">What came of it.</param>
/// <param name="assessment">What is to be said of the event now; <c>null</c> where it was not counted.</param>
internal sealed class Proof(IssuedChallenge challenge, ChallengeAnswer answer, SpamGuardAssessment? assessment) : IDisposable
{
    private readonly ChallengedDecision _decision = answer.Decision;

    /// <summary>What is to be said of the event now; <c>null</c> where it was not counted.</summary>
    public SpamGuardAssessment? Assessment => assessment;

    /// <summary>Whether the application says that it holds.</summary>
    public bool Holds => answer.Holds == true;

    /// <summary>Whether another request was let through for it.</summary>
    public bool IsUsed => _decision.IsUsed;

    /// <summary>Names what was challenged.</summary>
    public Guid DecisionId => challenge.DecisionId;

    /// <summary>The decision that set the challenge; <c>null</c> where the service was away then, and the event was not counted since.</summary>
    public string? DecisionToken => _decision.Token;

    /// <summary>Keeps the decision of an event that is counted only now, for the case that the request comes again.</summary>
    public void Keep(string? decisionToken) => _decision.Token ??= decisionToken;

    /// <summary>Lets a request through for it.</summary>
    public void Use() => _decision.IsUsed = true;

    /// <summary>Lets it be used again, for the handler failed. Nobody knows what it had done by then: so another try is counted as an event, and where this one never was there is none.</summary>
    public void Return()
    {
        if (_decision.Token is not null)
        {
            (_decision.IsUsed, _decision.Token) = (false, null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _decision.GiveBack();
}
