using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>A challenge that is to be set: proof is asked for before the event is accepted.</summary>
public sealed class SpamGuardChallenge
{
    /// <summary>The type of the problem details.</summary>
    public const string ProblemType = "urn:spamguard:challenge";

    internal SpamGuardChallenge(SpamGuardCheck check, string id, string state, bool hasFailed, ProblemDetails problem) =>
        (HttpContext, Kind, Assessment, Id, State, HasFailed, Problem) = (check.HttpContext, check.Kind, check.Assessment, id, state, hasFailed, problem);

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>What is to be accepted.</summary>
    public EventKind Kind { get; }

    /// <summary>Why.</summary>
    public SpamGuardAssessment Assessment { get; }

    /// <summary>
    /// Names this challenge, at random: <see cref="SpamGuardProof.Id"/> is the same when it comes back. It is sealed in <see cref="State"/>, so the client doesn't learn it unless told: what is asked can be
    /// drawn from it, or kept under it.
    /// </summary>
    public string Id { get; }

    /// <summary>
    /// What the form carries back as it is, in the field or header of the options: the decision, sealed by data protection. It is good for one answer, for as long as
    /// <see cref="SpamGuardChecksOptions.ChallengeLifetime"/>, from the same address, for the same kind of event, account and content.
    /// </summary>
    public string State { get; }

    /// <summary>Whether the proof that came with this request did not hold.</summary>
    public bool HasFailed { get; }

    /// <summary>What is answered by default, to be added to: 403, the state as its extension <c>challengeState</c>.</summary>
    public ProblemDetails Problem { get; }
}
