using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Checks;

/// <summary>What a client is told (RFC 9457): nothing that helps it to do better next time, unless the application says so.</summary>
internal static class Problems
{
    public static ProblemDetails OfChallenge(SpamGuardAssessment assessment, string state, SpamGuardChecksOptions options)
    {
        var problem = Problem(StatusCodes.Status403Forbidden, SpamGuardChallenge.ProblemType, "Proof is needed before this is accepted.", assessment, options);
        problem.Extensions["challengeState"] = state;
        return problem;
    }

    public static ProblemDetails OfRefusal(SpamGuardAssessment assessment, SpamGuardChecksOptions options) => assessment.Verdict == Verdict.Deny
        ? Problem(StatusCodes.Status403Forbidden, SpamGuardRefusal.DeniedProblemType, "This is not accepted.", assessment, options)
        : Problem(StatusCodes.Status429TooManyRequests, SpamGuardRefusal.ThrottledProblemType, "This is not accepted for now.", assessment, options);

    public static ProblemDetails OfRepetition(SpamGuardAssessment assessment, SpamGuardChecksOptions options) =>
        Problem(StatusCodes.Status409Conflict, SpamGuardRefusal.RepeatedProblemType, "This was sent before, and its proof is good for once.", assessment, options);

    private static ProblemDetails Problem(int status, string type, string title, SpamGuardAssessment assessment, SpamGuardChecksOptions options)
    {
        var problem = new ProblemDetails { Status = status, Type = type, Title = title };
        if (options.IncludeReasons)
        {
            problem.Extensions["reasons"] = assessment.Reasons.Select(static reason => reason.Code).ToArray();
        }

        return problem;
    }
}
