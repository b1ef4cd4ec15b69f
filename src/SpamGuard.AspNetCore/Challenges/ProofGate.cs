using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SpamGuard.AspNetCore.Checks;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>Takes what comes back from challenges, once each.</summary>
internal sealed class ProofGate(
    ISpamGuardClient client,
    IOptions<SpamGuardChecksOptions> options,
    ChallengeStates states,
    AnsweredChallenges answered,
    CheckMetrics metrics)
{
    private readonly SpamGuardChecksOptions _options = options.Value;

    /// <summary>Takes a request's.</summary>
    /// <returns>The proof; <c>null</c> where there is none, or its state is not to be taken: the request is then one like any other.</returns>
    /// <remarks>1 a state that is good -> 2 that nobody answered here yet -> 3 whether the proof holds -> 4 nor anywhere else: the service is told, once a decision -> 5 what it says of the event now.</remarks>
    public async ValueTask<Proof?> TakeAsync(HttpContext context, EventKind kind)
    {
        if (_options.VerifyChallenge is not { } verify || await StateAsync(context) is not { } state)
        {
            return null;
        }

        if (states.Open(state, kind, context.Connection.RemoteIpAddress) is not { } challenge)
        {
            return Nothing(kind, "not_taken");
        }

        if (!answered.TryAdd(challenge.Id))
        {
            return Nothing(kind, "used");
        }

        bool holds;
        try
        {
            holds = await verify(new SpamGuardProof(context, kind, challenge.IdText));
        }
        catch
        {
            answered.Remove(challenge.Id); // nobody said that it is wrong
            throw;
        }

        if (challenge.DecisionToken is not { } token)
        {
            return Taken(kind, new Proof(holds, null, null));
        }

        try
        {
            return await ReportAsync(token, holds, context.RequestAborted) == ReportResult.Duplicate && holds
                ? Nothing(kind, "used") // at another instance of this application
                : Taken(kind, new Proof(holds, token, await client.PreviewAsync(token, kind, context.RequestAborted)));
        }
        catch (RpcException)
        {
            return Nothing(kind, "not_taken"); // the service no longer knows the decision: after a roll of its epochs, for example
        }
    }

    // Where the service is away, or this caller may not report, the challenge is passed all the same.
    private async Task<ReportResult> ReportAsync(string token, bool holds, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.ReportAsync(token, holds ? OutcomeLabel.ChallengePassed : OutcomeLabel.ChallengeFailed, cancellationToken: cancellationToken)).Result;
        }
        catch (RpcException e) when (e.StatusCode != StatusCode.InvalidArgument)
        {
            return ReportResult.Unspecified;
        }
    }

    private async ValueTask<string?> StateAsync(HttpContext context)
    {
        if (_options.ChallengeHeader is { } header && context.Request.Headers[header] is [{ Length: > 0 } inHeader])
        {
            return inHeader;
        }

        return _options.ChallengeField is { } field && context.Request.HasFormContentType
            && (await context.Request.ReadFormAsync(context.RequestAborted))[field] is [{ Length: > 0 } inForm] ? inForm : null;
    }

    private Proof Taken(EventKind kind, Proof proof)
    {
        metrics.Proven(kind, proof.Holds ? "held" : "failed");
        return proof;
    }

    private Proof? Nothing(EventKind kind, string outcome)
    {
        metrics.Proven(kind, outcome);
        return null;
    }
}
