using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.AspNetCore.Addresses;
using SpamGuard.AspNetCore.Challenges;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Checks;

/// <summary>Lets requests through or not: the one place behind the endpoint filter and the attribute.</summary>
internal sealed partial class Gate(
    ISpamGuardClient client,
    IOptions<SpamGuardChecksOptions> options,
    ProofGate proofs,
    ChallengeStates states,
    AddressWatch addresses,
    CheckMetrics metrics,
    ILogger<Gate> logger)
{
    private readonly SpamGuardChecksOptions _options = options.Value;

    /// <summary>The application's.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static Gate Of(IServiceProvider services) => services.GetService<Gate>()
        ?? throw new InvalidOperationException("RequireSpamGuard needs services.AddSpamGuardClient(...) and services.AddSpamGuardChecks().");

    /// <summary>Checks a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">What is accepted, as far as nothing nearer to the endpoint says otherwise.</param>
    /// <returns><c>null</c> to let it through.</returns>
    /// <remarks>1 whose request it is -> 2 what is to be said of it, by the proof that it brings or anew -> 3 whether that lets it through.</remarks>
    public async ValueTask<Barrier?> CheckAsync(HttpContext context, EventKind kind)
    {
        var check = SpamGuardCheck.Of(context);
        if (check.IsDone || IsSafe(context.Request.Method))
        {
            return null; // asked about by a filter around this one, or accepts nothing
        }

        kind = KindOf(context.GetEndpoint()) ?? kind;
        var account = _options.Account is { } ofAccount ? await ofAccount(context) : null;
        var content = _options.Content is { } ofContent ? await ofContent(context) : null;
        check.Begin(kind, addresses.Look(context, account), account, content);
        Proof? proof = null;
        try
        {
            proof = await proofs.TakeAsync(check);
            check.End(await AssessAsync(check, proof, context.RequestAborted), proof?.DecisionToken);
            return Judge(check, proof);
        }
        catch (RpcException e)
        {
            Log.NotTaken(logger, e, kind);
            metrics.Checked(kind, "fault");
            return new Barrier();
        }
        finally
        {
            if (!check.IsChallengePassed)
            {
                proof?.Dispose(); // else once the handler is done
            }
        }
    }

    /// <summary>What is answered in the request's place.</summary>
    public async ValueTask<IResult> AnswerAsync(Barrier barrier)
    {
        var answer = barrier switch
        {
            { Challenge: { } challenge } => _options.OnChallenge is { } onChallenge ? await onChallenge(challenge) : TypedResults.Problem(challenge.Problem),
            { Refusal: { } refusal } => _options.OnRefused is { } onRefused ? await onRefused(refusal) : TypedResults.Problem(refusal.Problem),
            _ => TypedResults.Problem(statusCode: StatusCodes.Status500InternalServerError),
        };
        return answer is ProblemHttpResult { ProblemDetails: var problem } ? new ProblemAnswer(problem) : answer;
    }

    /// <summary>Whether requests by a method accept nothing, and are not asked about.</summary>
    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private async Task<SpamGuardAssessment> AssessAsync(SpamGuardCheck check, Proof? proof, CancellationToken cancellationToken)
    {
        if (proof?.Assessment is { } ofProof)
        {
            return ofProof;
        }

        if (check.Event is not { } spamEvent)
        {
            return SpamGuardAssessment.OfFallback(_options.VerdictWithoutAddress, FallbackCause.NotTaken);
        }

        if (proof is { IsUsed: true })
        {
            return await client.PreviewAsync(spamEvent, cancellationToken);
        }

        if (proof is null)
        {
            return await client.ScoreAsync(spamEvent, cancellationToken);
        }

        // A challenge that was set while the service was away has no decision: the event is counted now, and though the client leaves, it is known which it was.
        var assessment = await client.ScoreAsync(spamEvent, CancellationToken.None);
        proof.Keep(assessment.DecisionToken);
        return assessment;
    }

    private Barrier? Judge(SpamGuardCheck check, Proof? proof)
    {
        var verdict = check.Assessment.Verdict;
        if (proof is { IsUsed: true })
        {
            return Refuse(check, "repeated", Problems.OfRepetition(check.Assessment, _options));
        }

        if (verdict is not (Verdict.Allow or Verdict.Challenge))
        {
            if (check.Assessment.RetryAfter is { } wait)
            {
                check.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            return Refuse(check, verdict == Verdict.Deny ? "denied" : "throttled", Problems.OfRefusal(check.Assessment, _options));
        }

        if (proof?.Holds ?? verdict == Verdict.Allow)
        {
            metrics.Checked(check.Kind, "passed");
            if (proof is not null)
            {
                check.PassChallenge(proof); // it was what was asked for: the same verdict again asks for nothing more
            }

            return null;
        }

        Answered(check, "challenged");
        var (id, state) = states.Seal(check, proof?.DecisionId);
        return new Barrier(new SpamGuardChallenge(check, id, state, hasFailed: proof is not null, Problems.OfChallenge(check.Assessment, state, _options)));
    }

    private Barrier Refuse(SpamGuardCheck check, string outcome, ProblemDetails problem)
    {
        Answered(check, outcome);
        return new Barrier(Refusal: new SpamGuardRefusal(check, problem));
    }

    // In the handler's place, with whatever the application says then.
    private void Answered(SpamGuardCheck check, string outcome)
    {
        check.HttpContext.Response.Headers.CacheControl = "no-store";
        metrics.Checked(check.Kind, outcome);
    }

    // Of an action its own first: what its mapping says stands behind it, and is farther from it.
    private static EventKind? KindOf(Endpoint? endpoint) =>
        (endpoint?.Metadata.GetMetadata<ActionDescriptor>()?.EndpointMetadata.OfType<RequireSpamGuardAttribute>().LastOrDefault() ?? endpoint?.Metadata.GetMetadata<RequireSpamGuardAttribute>())?.Kind;

    private static partial class Log
    {
        [LoggerMessage(4, LogLevel.Error, "SpamGuard can't take the {Kind} event of a request, which is answered with 500: a fault of this application, in what its Account or Content delegate gives or in its address", EventName = nameof(NotTaken))]
        public static partial void NotTaken(ILogger logger, Exception e, EventKind kind);
    }
}
