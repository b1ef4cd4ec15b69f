using Microsoft.AspNetCore.Http;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>A request that came back from a challenge, with a state that is good: whether it holds the proof is for the application to say.</summary>
public sealed class SpamGuardProof
{
    internal SpamGuardProof(HttpContext context, EventKind kind, string id) => (HttpContext, Kind, Id) = (context, kind, id);

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>What is to be accepted.</summary>
    public EventKind Kind { get; }

    /// <summary>Which challenge it was: its <see cref="SpamGuardChallenge.Id"/>.</summary>
    public string Id { get; }
}
