using SpamGuard.Server.Callers;

namespace SpamGuard.Server;

/// <summary>What the server logs. No message has room for an address.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(
        EventIds.Listening,
        LogLevel.Information,
        "Listening: gRPC on {Grpc}, JSON on {Http}, sidecar on {Sidecar}, metrics on http://{Metrics}/metrics, health on http://{Health}/readyz, transparency on {Page}",
        EventName = nameof(EventIds.Listening))]
    public static partial void Listening(ILogger logger, string grpc, string http, string sidecar, string metrics, string health, string page);

    [LoggerMessage(
        EventIds.TryIt,
        LogLevel.Information,
        """Try: curl -s http://{Http}/v1/events:score -H 'content-type: application/json' -d '{Body}'""",
        EventName = nameof(EventIds.TryIt))]
    public static partial void TryIt(ILogger logger, string http, string body);

    [LoggerMessage(
        EventIds.AuditsOnly,
        LogLevel.Information,
        "Audits the store and scores nobody; what it found: curl -s http://{Metrics}/metrics | grep ^spamguard_audit",
        EventName = nameof(EventIds.AuditsOnly))]
    public static partial void AuditsOnly(ILogger logger, string metrics);

    [LoggerMessage(
        EventIds.PepperMadeForThisRun,
        LogLevel.Warning,
        "Pepper:Path is not set, so a pepper was made for this run only: what is learned now means nothing to the next run",
        EventName = nameof(EventIds.PepperMadeForThisRun))]
    public static partial void PepperMadeForThisRun(ILogger logger);

    [LoggerMessage(
        EventIds.EmbeddedStoreStarted,
        LogLevel.Warning,
        "ConnectionStrings:Signals is not set, so the embedded store is used: it forgets everything when the process ends",
        EventName = nameof(EventIds.EmbeddedStoreStarted))]
    public static partial void EmbeddedStoreStarted(ILogger logger);

    [LoggerMessage(
        EventIds.Draining,
        LogLevel.Information,
        "Draining: not ready from now on, serving for another {Seconds} s",
        EventName = nameof(EventIds.Draining))]
    public static partial void Draining(ILogger logger, double seconds);

    [LoggerMessage(
        EventIds.CallFailed,
        LogLevel.Error,
        "{Method} failed by {ExceptionType}, whose text is withheld\n{Trace}",
        EventName = nameof(EventIds.CallFailed))]
    public static partial void CallFailed(ILogger logger, string method, string exceptionType, string? trace);

    [LoggerMessage(
        EventIds.CallerFilesRejected,
        LogLevel.Error,
        "Files that tell callers apart can't be used ({Files}), and what they said before stays in force. {Faults}",
        EventName = nameof(EventIds.CallerFilesRejected))]
    public static partial void CallerFilesRejected(ILogger logger, CallerFiles files, string faults);

    [LoggerMessage(
        EventIds.CallerFilesApplied,
        LogLevel.Information,
        "Changed files that tell callers apart are in force ({Files}): {Callers} callers, {Denied} denied serial numbers and names",
        EventName = nameof(EventIds.CallerFilesApplied))]
    public static partial void CallerFilesApplied(ILogger logger, CallerFiles files, int callers, int denied);

    [LoggerMessage(
        EventIds.ForwardedForNotBelieved,
        LogLevel.Warning,
        "GET /authz came with X-Forwarded-For from a peer that Edge:Http:TrustedProxies does not name, so that the peer itself is scored: where it is a proxy of yours, all of its clients count as one. This is said once",
        EventName = nameof(EventIds.ForwardedForNotBelieved))]
    public static partial void ForwardedForNotBelieved(ILogger logger);

    [LoggerMessage(
        EventIds.OrdersUnapprovable,
        LogLevel.Warning,
        "This desk has no Tls:CertificatePath, and behind a sidecar it sees no certificates: no order of an authority can be approved",
        EventName = nameof(EventIds.OrdersUnapprovable))]
    public static partial void OrdersUnapprovable(ILogger logger);
}
