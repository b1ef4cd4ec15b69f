namespace SpamGuard.AspNetCore.Checks;

/// <summary>Why a request isn't let through: a challenge, a refusal, or with neither a fault of this application.</summary>
internal sealed record Barrier(SpamGuardChallenge? Challenge = null, SpamGuardRefusal? Refusal = null);
