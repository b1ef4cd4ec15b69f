using SpamGuard.Client;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>What a request brought back from a challenge.</summary>
/// <param name="Holds">Whether the application says that it holds.</param>
/// <param name="DecisionToken">The decision that set the challenge; <c>null</c> where the service was away then.</param>
/// <param name="Assessment">What is to be said of the event now; <c>null</c> where it was never counted.</param>
internal sealed record Proof(bool Holds, string? DecisionToken, SpamGuardAssessment? Assessment);
