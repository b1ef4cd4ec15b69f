using SpamGuard.Addresses;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Signals;

namespace SpamGuard.Scoring;

/// <summary>Documentation addresses that always get the same verdict, as test cards do, where the policy says so.</summary>
/// <remarks>
/// TEST-NET-1, -2, -3 and 2001:db8::/32 ending in 1: ALLOW, 2: CHALLENGE, 3: THROTTLE, 4: DENY. Nothing is counted. Any other ending is scored
/// like any other address.
/// </remarks>
internal static class TestVerdicts
{
    /// <summary>How long a caller is told to wait, in seconds.</summary>
    public const long RetryAfterSeconds = 60;

    /// <summary>The fixed evidence of an address, or <c>null</c> where it is to be scored.</summary>
    public static Evidence? Of(ClientAddress address, ScoringPolicy policy)
    {
        if (!policy.TestAddresses || address.Scope != AddressScope.Documentation)
        {
            return null;
        }

        return address.LastByte switch
        {
            1 => Fixed(Verdict.Allow, .01),
            2 => Fixed(Verdict.Challenge, (policy.ChallengeFrom + policy.ThrottleFrom) / 2),
            3 => Fixed(Verdict.Throttle, (policy.ThrottleFrom + policy.DenyFrom) / 2),
            4 => Fixed(Verdict.Deny, .99),
            _ => null,
        };
    }

    /// <summary>The fixed evidence that a decision was made by, or <c>null</c> where its event was scored.</summary>
    public static Evidence? Of(Decision decision) =>
        decision.HasReason(ReasonCodes.TestAddress) ? Fixed(decision.Verdict, decision.SpamProbability) : null;

    private static Evidence Fixed(Verdict verdict, double probability) => new() { LogOdds = SpamModel.Logit(probability), Verdict = verdict };
}
