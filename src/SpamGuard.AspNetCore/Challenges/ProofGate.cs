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
    /// <param name="check">The check that it is of.</param>
    /// <returns>The proof; <c>null</c> where there is none, or its state is not to be taken: the request is then one like any other.</returns>
    /// <remarks>1 a state that is good -> 2 whoever came with its decision before has been answered -> 3 what came of it, now or then -> 4 what the service says of the event now.</remarks>
    public async ValueTask<Proof?> TakeAsync(SpamGuardCheck check)
    {
        var (context, kind) = (check.HttpContext, check.AskedKind);
        if (_options.VerifyChallenge is not { } verify || await StateAsync(context) is not { } state)
        {
            return null;
        }

        if (states.Open(state, check) is not { } challenge)
        {
            return NotTaken(kind);
        }

        var answer = await answered.TakeAsync(challenge, context.RequestAborted);
        Proof? proof = null;
        try
        {
            var outcome = await AnswerAsync(answer, () => verify(new SpamGuardProof(context, kind, challenge.IdText)));
            var assessment = answer.Decision.Token is { } token ? await client.PreviewAsync(token, kind, context.RequestAborted) : null;
            metrics.Proven(kind, outcome);
            return proof = new Proof(challenge, answer, assessment);
        }
        catch (RpcException) when (answer.Holds is not null) // of the application's own calls none is caught
        {
            return NotTaken(kind); // the service no longer knows the decision: after a roll of its epochs, for example
        }
        finally
        {
            if (proof is null)
            {
                answer.Decision.GiveBack();
            }
        }
    }

    // The first answer counts. One that can't be looked at, for the application throws, is none.
    private async ValueTask<string> AnswerAsync(ChallengeAnswer answer, Func<ValueTask<bool>> verify)
    {
        if (answer.Holds is not null)
        {
            return "used";
        }

        var holds = await verify();
        answer.Holds = holds;
        if (answer.Decision.Token is { } token && await ReportAsync(token, holds) == ReportResult.Duplicate && holds)
        {
            answer.Decision.IsUsed = true; // the service is told of each decision once: that was at another instance of this application
            return "used";
        }

        return holds ? "held" : "failed";
    }

    // Where the service is away, or this caller may not report, the challenge is passed all the same. Though the client leaves, it is told: else the next one could use the proof here, and another elsewhere.
    private async Task<ReportResult> ReportAsync(string token, bool holds)
    {
        try
        {
            return (await client.ReportAsync(token, holds ? OutcomeLabel.ChallengePassed : OutcomeLabel.ChallengeFailed, cancellationToken: CancellationToken.None)).Result;
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

        try
        {
            return _options.ChallengeField is { } field && context.Request.HasFormContentType
                && (await context.Request.ReadFormAsync(context.RequestAborted))[field] is [{ Length: > 0 } inForm] ? inForm : null;
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or (IOException and not BadHttpRequestException))
        {
            return null; // no form, whatever the client calls it: the handler may not want one
        }
    }

    private Proof? NotTaken(EventKind kind)
    {
        metrics.Proven(kind, "not_taken");
        return null;
    }
}
