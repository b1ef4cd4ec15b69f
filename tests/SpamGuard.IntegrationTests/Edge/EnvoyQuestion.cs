using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Grpc.Net.Client;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>What Envoy asks, in our own messages.</summary>
internal static class EnvoyQuestion
{
    public static Authorization.AuthorizationClient Client(GrpcChannel channel) => new(channel);

    /// <summary>A question.</summary>
    /// <param name="kind">What the route says; <c>null</c> for nothing.</param>
    /// <param name="source">The address that the connection comes from; <c>null</c> for none.</param>
    /// <param name="headers">Of the request.</param>
    public static CheckRequest Of(string? kind, string? source, params IEnumerable<(string Name, string Value)> headers)
    {
        var request = new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = new AttributeContext.Types.HttpRequest() } } };
        foreach (var (name, value) in headers)
        {
            request.Attributes.Request.Http.Headers[name] = value;
        }

        if (kind is not null)
        {
            request.Attributes.ContextExtensions["kind"] = kind;
        }

        if (source is not null)
        {
            request.Attributes.Source = new AttributeContext.Types.Peer { Address = new Address { SocketAddress = new SocketAddress { Address = source } } };
        }

        return request;
    }
}
