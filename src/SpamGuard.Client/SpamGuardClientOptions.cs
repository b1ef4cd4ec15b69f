using Grpc.Net.Client;
using SpamGuard.V1;

namespace SpamGuard.Client;

/// <summary>How SpamGuard is reached, how long it is waited for, and what is done without it.</summary>
public sealed class SpamGuardClientOptions
{
    /// <summary>The section of a configuration that these are usually bound to.</summary>
    public const string Section = "SpamGuard";

    /// <summary>The meter of this client's metrics, to be named to whatever collects them.</summary>
    public const string MeterName = "SpamGuard.Client";

    /// <summary>
    /// Where it is: <c>https://host:port</c>, <c>http://host:port</c> for a network of one's own machine, or best <c>dns:///host:port</c> with a name that stands for every server, as a headless
    /// Service of Kubernetes does: calls go round them, and the name is looked up again every <see cref="DnsRefresh"/>. Required.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>Whether calls to a <c>dns:///</c> address go in the clear: only where something else encrypts them. Otherwise <c>dns:///</c> means TLS. Default: no.</summary>
    public bool Plaintext { get; set; }

    /// <summary>Certificates in files; they are read again when they change.</summary>
    public SpamGuardTlsOptions Tls { get; } = new();

    /// <summary>How long a score or a preview is waited for, retries included. 1 ms to 10 s. Default: 50 ms.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long each call of <see cref="ISpamGuardClient.ScoreManyAsync"/>, of up to 256 events, is waited for. 1 ms to 60 s. Default: 500 ms.</summary>
    public TimeSpan BatchTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a report or an explanation is waited for, retries included: nobody waits for them at a form. 1 ms to 60 s. Default: 2 s.</summary>
    public TimeSpan ReportTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The verdict on sign-ups while the service is away.</summary>
    public FallbackOptions SignUp { get; } = new();

    /// <summary>The verdict on messages while the service is away.</summary>
    public FallbackOptions Message { get; } = new();

    /// <summary>For how long every call has to get a verdict, ten of them at least, until an outage is over, and the next one has a grace of its own. 1 s to 1 h. Default: 10 s.</summary>
    public TimeSpan OutageRecovery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a call with a request id is sent again when a server is unavailable, within its timeout: scores, batches and reports of an event. 0 to 5. Default: 2. No other failure is tried again, nor a
    /// report or an explanation by a decision token.
    /// </summary>
    public int MaxRetryAttempts { get; set; } = 2;

    /// <summary>After how long without an answer a preview is asked once more, of another server where there is one; the first answer counts. 0 for never, else 1 ms to 10 s. Default: 15 ms.</summary>
    public TimeSpan HedgingDelay { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>When calls stop being made for a while because they fail.</summary>
    public CircuitBreakerOptions CircuitBreaker { get; } = new();

    /// <summary>How often the name of a <c>dns:///</c> address is looked up again. 15 s to 1 h. Default: 30 s.</summary>
    public TimeSpan DnsRefresh { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The last word on the channel: a message size, an interceptor's handler, credentials. What is set there of TLS replaces <see cref="Tls"/>.</summary>
    public Action<GrpcChannelOptions>? ConfigureChannel { get; set; }

    /// <summary>What there is for a kind of event while the service is away.</summary>
    internal FallbackOptions FallbackOf(EventKind kind) => kind == EventKind.SignUp ? SignUp : Message;
}
