using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Scoring;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Edge;
using SpamGuard.Server.Envoy;
using SpamGuard.Server.Grpc;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Http;

/// <summary>
/// <c>GET /authz</c>: whether a request may pass, for proxies that ask by HTTP (nginx' <c>auth_request</c>, <c>forward_auth</c> of others). To the gate, to
/// metrics and to traces it is Envoy's <c>Check</c>.
/// </summary>
/// <remarks>401 and 403 are verdicts and nothing else: whatever concerns the proxy itself, or fails, is another status, so that nobody is turned away for it.</remarks>
internal sealed class AuthzEndpoint(EdgeScorer scorer, ForwardedFor forwarded, CallInterceptor calls)
{
    private const string Route = "/authz";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Whether a request is for this path, whoever makes it and whether it is there or not.</summary>
    public static bool IsAsked(HttpContext context) => context.Features.Get<ServedOn>() is { Listener: Listener.Http }
        && context.Request.Path.Value.AsSpan().TrimEnd('/').Equals(Route, StringComparison.OrdinalIgnoreCase); // as routing compares

    /// <summary>
    /// Answers with an error: 400 for what the proxy is to write otherwise, and 500 or 503 for all else; beyond the quota with <c>Retry-After</c>, and only then: a proxy that lets pass what fails can tell a
    /// flood by it.
    /// </summary>
    public static Task WriteAsync(HttpContext context, Google.Rpc.Status status)
    {
        if (status.Code == (int)Code.ResourceExhausted && status.GetDetail<RetryInfo>()?.RetryDelay is { } delay)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.ToTimeSpan().TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return JsonErrors.WriteAsync(context, status, status.Code switch
        {
            (int)Code.InvalidArgument => StatusCodes.Status400BadRequest,
            (int)Code.Internal => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status503ServiceUnavailable,
        });
    }

    /// <summary>Maps it.</summary>
    public void Map(WebApplication app) => app.Map(Route, AnswerAsync).Add(static endpoint =>
    {
        endpoint.Metadata.Add(new ServedOn(Listener.Http));
        endpoint.Metadata.Add(GatedMethod.Of(AuthorizationGrpcService.CheckPath, isJson: true));
    });

    private async Task AnswerAsync(HttpContext context)
    {
        if (!Methods.Contains(context.Request.Method, StringComparer.Ordinal))
        {
            await JsonErrors.NotServedAsync(context, Methods);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        AuthzQuery query = default;
        Assessment assessment;
        try
        {
            assessment = await calls.UnaryServerHandler(context, new HttpCallContext(context, AuthorizationGrpcService.CheckPath), (request, call) =>
            {
                query = AuthzQuery.Read(request.Request.Query);
                return scorer.ScoreAsync(query.Kind, forwarded.Client(request), call.Caller(), call.CancellationToken);
            });
        }
        catch (RpcException exception)
        {
            await WriteAsync(context, exception.GetRpcStatus()!);
            return;
        }

        await WriteAsync(context, assessment, query.Status(assessment.Verdict));
    }

    private static Task WriteAsync(HttpContext context, Assessment assessment, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        foreach (var (name, value) in status == StatusCodes.Status204NoContent ? EdgeAnswer.Headers(assessment) : EdgeAnswer.RefusalHeaders(assessment))
        {
            response.Headers[name] = value;
        }

        if (EdgeAnswer.RetryAfter(assessment) is { } seconds)
        {
            response.Headers.RetryAfter = seconds;
        }

        if (status == StatusCodes.Status204NoContent)
        {
            return Task.CompletedTask;
        }

        response.ContentType = EdgeAnswer.ProblemType;
        return response.WriteAsync(EdgeAnswer.Problem(assessment.Verdict, status), context.RequestAborted);
    }
}

/// <summary>Maps it where it is served.</summary>
internal static class AuthzEndpointExtensions
{
    /// <summary>Maps <c>GET /authz</c> in a process that scores.</summary>
    public static void MapAuthz(this WebApplication app) => app.Services.GetService<AuthzEndpoint>()?.Map(app);
}
