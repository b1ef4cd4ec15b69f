using Microsoft.AspNetCore.Http;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>What a handler has of its check.</summary>
/// <param name="Kind">What was asked about.</param>
/// <param name="Verdict">What was said.</param>
/// <param name="DecisionToken">What it would keep.</param>
/// <param name="IsChallengePassed">Whether a challenge was.</param>
public sealed record Seen(string Kind, string Verdict, string? DecisionToken, bool IsChallengePassed)
{
    internal static Seen Of(HttpContext context)
    {
        var check = context.Features.Get<SpamGuardCheck>()!;
        Assert.Same(check.Assessment, context.GetSpamGuardAssessment());
        Assert.Equal(check.DecisionToken, context.GetSpamGuardDecisionToken());
        return Of(check);
    }

    internal static Seen Of(SpamGuardCheck check) => new(check.Kind.ToString(), check.Assessment.Verdict.ToString(), check.DecisionToken, check.IsChallengePassed);
}
