using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Server.Edge;

/// <summary>An assessment in headers and bodies of HTTP, as applications and clients behind a proxy get it.</summary>
internal static class EdgeAnswer
{
    /// <summary>The type of <see cref="Problem"/>.</summary>
    public const string ProblemType = "application/problem+json";

    private static readonly string[] Names = [.. Verdicts.All.Select(static verdict => verdict.Name().ToLowerInvariant())];

    /// <summary><c>allow</c>, <c>challenge</c>, <c>throttle</c> or <c>deny</c>.</summary>
    public static string Name(Verdict verdict) => Names[(int)verdict];

    /// <summary>All that the application is told. It is always all of these headers: what is missing could be the client's own.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(Assessment assessment) =>
    [
        VerdictOf(assessment),
        new("X-SpamGuard-Probability", assessment.SpamProbability.ToString("0.####", CultureInfo.InvariantCulture)),
        new("X-SpamGuard-Reasons", string.Join(',', assessment.Reasons.Select(static reason => reason.Code))),
        new("X-SpamGuard-Decision-Token", assessment.DecisionToken),
        QualityOf(assessment),
    ];

    /// <summary>What goes with a refusal: many a proxy hands it on to the client, who has no use for the token, and could try its way around probability and reasons.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> RefusalHeaders(Assessment assessment) => [VerdictOf(assessment), QualityOf(assessment)];

    /// <summary>After how many seconds whoever is throttled may come again; <c>null</c> for others.</summary>
    public static string? RetryAfter(Assessment assessment) =>
        assessment.Verdict == Verdict.Throttle ? assessment.RetryAfterSeconds?.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>What a client is told that does not pass: the form of RFC 9457.</summary>
    public static string Problem(Verdict verdict, int status) => JsonSerializer.Serialize(new ProblemDetails
    {
        Type = "about:blank",
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = verdict switch
        {
            Verdict.Challenge => "This looks like spam. Show that it is not, and try again.",
            Verdict.Throttle => "This looks like spam. Try again later.",
            _ => "This looks like spam, and is refused.",
        },
        Extensions = { ["verdict"] = Name(verdict) },
    });

    private static KeyValuePair<string, string> VerdictOf(Assessment assessment) => new("X-SpamGuard-Verdict", Name(assessment.Verdict));

    private static KeyValuePair<string, string> QualityOf(Assessment assessment) => new("X-SpamGuard-Quality", assessment.Quality.Name());
}
