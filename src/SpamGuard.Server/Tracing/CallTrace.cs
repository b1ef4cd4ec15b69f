using System.Collections.Frozen;
using System.Diagnostics;
using Grpc.Core;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using SpamGuard.Server.Callers;

namespace SpamGuard.Server.Tracing;

/// <summary>The span of a call: which method, how it ended and, of an event, what it is and what was said of it. Nothing else of what was sent.</summary>
internal static class CallTrace
{
    private const string Ecosystem = "/grpc.";

    // By the method's path. Of the ecosystem's own, such as a probe, there are no spans.
    private static readonly FrozenDictionary<string, (string Service, string Method)> Methods = MethodRoles.All.Keys
        .Where(static path => !path.StartsWith(Ecosystem, StringComparison.Ordinal))
        .ToFrozenDictionary(static path => path, static path => (path[1..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]), StringComparer.Ordinal);

    /// <summary>Whether anybody listens.</summary>
    public static bool IsOn => Traces.Source.HasListeners();

    /// <summary>Begins the span of a call, below that of its caller where it names one; <c>null</c> where it is not sampled.</summary>
    public static Activity? Begin(ServerCallContext context)
    {
        if (!Methods.TryGetValue(context.Method, out var method))
        {
            return null;
        }

        // An activity of the framework's is no parent: whoever attached a listener has it, and our collector has not.
        Activity.Current = null;
        var span = Traces.Source.StartActivity(context.Method[1..], ActivityKind.Server, Parent(context.GetHttpContext().Request.Headers));
        return span?.SetTag("rpc.system", "grpc").SetTag("rpc.service", method.Service).SetTag("rpc.method", method.Method);
    }

    /// <summary>Says how a call ended.</summary>
    public static void Ended(this Activity? span, StatusCode code)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag("rpc.grpc.status_code", (int)code);

        // As the conventions have it: the rest is the caller's doing.
        if (code is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss)
        {
            span.Failed(code.ToString());
        }
    }

    /// <summary>Says what kind of event a call is about.</summary>
    public static void About(EventKind kind) => Traces.Current?.SetTag("spamguard.event_kind", kind.Name());

    /// <summary>Says how many events a call brought.</summary>
    public static void Batch(int events) => Traces.Current?.SetTag("spamguard.batch_size", events);

    /// <summary>Says what was answered; nothing where there is no assessment.</summary>
    public static void Judged(in ScoreOutcome outcome)
    {
        if (Traces.Current is { } span && outcome.Assessment is { } assessment)
        {
            span.SetTag("spamguard.verdict", assessment.Verdict.Name()).SetTag("spamguard.quality", assessment.Quality.Name());
        }
    }

    private static ActivityContext Parent(IHeaderDictionary headers) =>
        headers.TraceParent is [{ } text] && ActivityContext.TryParse(text, traceState: null, isRemote: true, out var parent) ? parent : default;
}
