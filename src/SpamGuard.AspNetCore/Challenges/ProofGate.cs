using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SpamGuard.AspNetCore.Checks;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>Takes what comes back from challenges.</summary>
internal sealed class ProofGate(
    ISpamGuardClient client,
    IOptions<SpamGuardChecksOptions> options,
    ChallengeStates states,
    AnsweredChallenges answered,
    CheckMetrics metrics)
{
    private readonly SpamGuardChecksOptions _options = options.Value;

    /// <summary>Takes a request's.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">What is accepted.</param>
    /// <param name="address">From where; <c>null</c> where that isn't known.</param>
    /// <returns>The proof; <c>null</c> where there is none, or its state is not to be taken: the request is then one like any other.</returns>
    /// <remarks>1 a state that is good -> 2 whoever came with it before has been answered -> 3 what came of it, now or then -> 4 what the service says of the event now.</remarks>
    public async ValueTask<Proof?> TakeAsync(HttpContext context, EventKind kind, IPAddress? address)
    {
        if (_options.VerifyChallenge is not { } verify || await StateAsync(context) is not { } state)
        {
            return null;
        }

        if (states.Open(state, kind, address) is not { } challenge)
        {
            return NotTaken(kind);
        }

        var answer = await answered.TakeAsync(challenge.Id, context.RequestAborted);
        Proof? proof = null;
        try
        {
            var outcome = await AnswerAsync(answer, challenge, () => verify(new SpamGuardProof(context, kind, challenge.IdText)), context.RequestAborted);
            var assessment = answer.DecisionToken is { } token ? await client.PreviewAsync(token, kind, context.RequestAborted) : null;
            metrics.Proven(kind, outcome);
            return proof = new Proof(answer, assessment);
        }
        catch (RpcException) when (answer.Holds is not null) // of the application's own calls none is caught
        {
            return NotTaken(kind); // the service no longer knows the decision: after a roll of its epochs, for example
        }
        finally
        {
            if (proof is null)
            {
                answer.GiveBack();
            }
        }
    }

    // The first answer counts. One that can't be looked at, for the application throws, is none.
    private async ValueTask<string> AnswerAsync(ChallengeAnswer answer, IssuedChallenge challenge, Func<ValueTask<bool>> verify, CancellationToken cancellationToken)
    {
        if (answer.Holds is not null)
        {
            return "used";
        }

        answer.DecisionToken = challenge.DecisionToken;
        var holds = await verify();
        answer.Holds = holds;
        if (answer.DecisionToken is { } token && await ReportAsync(token, holds, cancellationToken) == ReportResult.Duplicate && holds)
        {
            answer.IsUsed = true; // the service is told of each decision once: that was at another instance of this application
            return "used";
        }

        return holds ? "held" : "failed";
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

    private Proof? NotTaken(EventKind kind)
    {
        metrics.Proven(kind, "not_taken");
        return null;
    }
}
