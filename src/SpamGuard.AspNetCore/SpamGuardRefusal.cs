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

    /// <summary>The type of the problem details for a form that came back from its challenge before, and was let through then: sent twice, or used a second time. What the handler made of it is not known here.</summary>
    public const string RepeatedProblemType = "urn:spamguard:repeated";

    internal SpamGuardRefusal(SpamGuardCheck check, ProblemDetails problem) => (HttpContext, Kind, Assessment, Problem) = (check.HttpContext, check.Kind, check.Assessment, problem);

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>What is not accepted.</summary>
    public EventKind Kind { get; }

    /// <summary>Why; where the type of <see cref="Problem"/> is <see cref="RepeatedProblemType"/>, what is to be said of the event besides.</summary>
    public SpamGuardAssessment Assessment { get; }

    /// <summary>What is answered by default: 429 for <see cref="Verdict.Throttle"/>, 403 for <see cref="Verdict.Deny"/>, and 409, whatever the verdict, for what was let through before.</summary>
    public ProblemDetails Problem { get; }
}
