using System.Globalization;
using SpamGuard.AspNetCore;

namespace SpamGuard.Sample.SignUp;

/// <summary>What is answered to requests that aren't let through.</summary>
internal static class Answers
{
    /// <summary>The problem details of a challenge, and the question in them.</summary>
    public static ValueTask<IResult> ToChallengeAsync(SpamGuardChallenge challenge)
    {
        challenge.Problem.Extensions["question"] = Question.Of(challenge.Id).ToString();
        return ValueTask.FromResult<IResult>(TypedResults.Problem(challenge.Problem));
    }

    /// <summary>A page for people, and problem details for programs.</summary>
    public static ValueTask<IResult> ToRefusalAsync(SpamGuardRefusal refusal) => ValueTask.FromResult<IResult>(
        refusal.HttpContext.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? TypedResults.Content(Page(refusal), "text/html; charset=utf-8", statusCode: refusal.Problem.Status)
            : TypedResults.Problem(refusal.Problem));

    private static string Page(SpamGuardRefusal refusal)
    {
        var isRepeated = refusal.Problem.Status == StatusCodes.Status409Conflict; // a double click, for example: the account is there
        var heading = isRepeated ? "Sent before" : "Not now";
        var wait = !isRepeated && refusal.Assessment.RetryAfter is { } time ? string.Create(CultureInfo.InvariantCulture, $" Please try again in {Math.Ceiling(time.TotalMinutes)} min.") : string.Empty;
        return $"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{heading}</title>
            <main><h1>{heading}</h1><p>{refusal.Problem.Title}{wait}</p></main></html>
            """;
    }
}
