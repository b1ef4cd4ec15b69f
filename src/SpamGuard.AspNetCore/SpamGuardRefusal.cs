using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>A request that isn't let through, and can't do anything about it now.</summary>
public sealed class SpamGuardRefusal
{
    /// <summary>The type of the problem details for <see cref="Verdict.Throttle"/>.</summary>
    public const string ThrottledProblemType = "urn:spamguard:throttled";

    /// <summary>The type of the problem details for <see cref="Verdict.Deny"/>.</summary>
    public const string DeniedProblemType = "urn:spamguard:denied";

    internal SpamGuardRefusal(SpamGuardCheck check, ProblemDetails problem) => (HttpContext, Kind, Assessment, Problem) = (check.HttpContext, check.Kind, check.Assessment, problem);

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>What is not accepted.</summary>
    public EventKind Kind { get; }

    /// <summary>Why.</summary>
    public SpamGuardAssessment Assessment { get; }

    /// <summary>What is answered by default: 429 for <see cref="Verdict.Throttle"/>, 403 for <see cref="Verdict.Deny"/>.</summary>
    public ProblemDetails Problem { get; }
}
