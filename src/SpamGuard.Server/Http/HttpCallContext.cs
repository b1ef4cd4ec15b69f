using Grpc.Core;

namespace SpamGuard.Server.Http;

/// <summary>A request of HTTP as a call of gRPC, so that what stands around calls stands around it too.</summary>
/// <param name="context">The request.</param>
/// <param name="method">The path of the method that it is a form of.</param>
internal sealed class HttpCallContext(HttpContext context, string method) : ServerCallContext
{
    // Where GetHttpContext looks for it.
    protected override IDictionary<object, object> UserStateCore { get; } = new Dictionary<object, object> { ["__HttpContext"] = context };

    protected override string MethodCore => method;

    protected override string HostCore => context.Request.Host.Value ?? string.Empty;

    protected override string PeerCore => string.Empty; // nobody asks, and it would be an address

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => context.RequestAborted;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(peerIdentityPropertyName: null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => throw new NotSupportedException();
}
