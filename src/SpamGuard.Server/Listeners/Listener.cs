namespace SpamGuard.Server.Listeners;

/// <summary>A port and what it is for.</summary>
internal enum Listener
{
    /// <summary>gRPC: HTTP/2 only.</summary>
    Grpc,

    /// <summary>The same methods as JSON: HTTP/1.1 only.</summary>
    Http,

    /// <summary>Metrics, for a scraper only.</summary>
    Metrics,

    /// <summary>Liveness and readiness, for what can't present a certificate.</summary>
    Health,

    /// <summary>gRPC in plaintext for a trusted sidecar on loopback, which says who calls.</summary>
    Sidecar,

    /// <summary>The transparency page, for everybody: plain HTTP/1.1, and nothing else is served there.</summary>
    Transparency,
}
