using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
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
        check.Begin(kind, addresses.Look(context, account) is { } address ? new SpamGuardEvent(kind, address, account, content) : null);
        try
        {
            var proof = await proofs.TakeAsync(context, kind);
            check.End(await AssessAsync(check, proof, context.RequestAborted), proof?.DecisionToken);
            return Judge(check, proof?.Holds);
        }
        catch (RpcException e)
        {
            Log.NotTaken(logger, e, kind);
            metrics.Checked(kind, "fault");
            return new Barrier();
        }
    }

    /// <summary>What is answered in the request's place.</summary>
    public async ValueTask<IResult> AnswerAsync(Barrier barrier) => barrier switch
    {
        { Challenge: { } challenge } => _options.OnChallenge is { } answer ? await answer(challenge) : TypedResults.Problem(challenge.Problem),
        { Refusal: { } refusal } => _options.OnRefused is { } answer ? await answer(refusal) : TypedResults.Problem(refusal.Problem),
        _ => TypedResults.Problem(statusCode: StatusCodes.Status500InternalServerError),
    };

    // A challenge that was set while the service was away has no decision: the event is counted now.
    private async Task<SpamGuardAssessment> AssessAsync(SpamGuardCheck check, Proof? proof, CancellationToken cancellationToken) =>
        proof?.Assessment ?? (check.Event is { } spamEvent
            ? await client.ScoreAsync(spamEvent, cancellationToken)
            : SpamGuardAssessment.OfFallback(_options.VerdictWithoutAddress, FallbackCause.NotTaken));

    private Barrier? Judge(SpamGuardCheck check, bool? proofHolds)
    {
        var verdict = check.Assessment.Verdict;
        if (verdict is not (Verdict.Allow or Verdict.Challenge))
        {
            metrics.Checked(check.Kind, verdict == Verdict.Deny ? "denied" : "throttled");
            Mark(check);
            return new Barrier(Refusal: new SpamGuardRefusal(check, Problems.OfRefusal(check.Assessment, _options)));
        }

        if (proofHolds ?? verdict == Verdict.Allow)
        {
            if (proofHolds == true)
            {
                check.PassChallenge(); // it was what was asked for: the same verdict again asks for nothing more
            }

            metrics.Checked(check.Kind, "passed");
            return null;
        }

        metrics.Checked(check.Kind, "challenged");
        Mark(check);
        var (id, state) = states.Seal(check);
        return new Barrier(new SpamGuardChallenge(check, id, state, hasFailed: proofHolds == false, Problems.OfChallenge(check.Assessment, state, _options)));
    }

    // Whatever the application answers with.
    private static void Mark(SpamGuardCheck check)
    {
        var headers = check.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        if (check.Assessment.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    // Of an action its own first: what its mapping says stands behind it, and is farther from it.
    private static EventKind? KindOf(Endpoint? endpoint) =>
        (endpoint?.Metadata.GetMetadata<ActionDescriptor>()?.EndpointMetadata.OfType<RequireSpamGuardAttribute>().LastOrDefault() ?? endpoint?.Metadata.GetMetadata<RequireSpamGuardAttribute>())?.Kind;

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static partial class Log
    {
        [LoggerMessage(4, LogLevel.Error, "SpamGuard can't take the {Kind} event of a request, which is answered with 500: a fault of this application, in what its Account or Content delegate gives or in its address", EventName = nameof(NotTaken))]
        public static partial void NotTaken(ILogger logger, Exception e, EventKind kind);
    }
}
