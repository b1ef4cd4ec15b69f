using Envoy.Service.Auth.V3;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Server.Edge;
using SpamGuard.Server.Grpc;

namespace SpamGuard.Server.Envoy;

/// <summary>Reads what of Envoy's question is looked at: the route's kind and the client's address.</summary>
internal sealed class CheckReader
{
    private const string KindField = "attributes.context_extensions[\"kind\"]";
    private const string AddressField = "attributes.source.address.socket_address.address";

    private readonly string? _header;

    /// <summary>Reads with or without a header.</summary>
    /// <param name="addressHeader">A header that Envoy sets to the client's address.</param>
    public CheckReader(string? addressHeader) => _header = string.IsNullOrEmpty(addressHeader) ? null : addressHeader.ToLowerInvariant();

    /// <summary>Reads one.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT, with everything that is wrong.</exception>
    public (EventKind Kind, ClientAddress Address) Read(CheckRequest request)
    {
        var violations = new List<BadRequest.Types.FieldViolation>();
        var attributes = request.Attributes ?? new AttributeContext();
        if (EdgeScorer.Fault(KindField, attributes.ContextExtensions.GetValueOrDefault("kind"), out var kind) is { } fault)
        {
            violations.Add(fault);
        }

        // A header that is missing or holds no address is no error: a client that could make one would choose what becomes of errors.
        if (!TryHeader(attributes.Request?.Http, out var address) && AddressFault(attributes.Source?.Address?.SocketAddress?.Address, out address) is { } unusable)
        {
            violations.Add(unusable);
        }

        return violations.Count == 0 ? (kind, address) : throw Errors.BadRequest(violations).ToRpcException();
    }

    private static BadRequest.Types.FieldViolation? AddressFault(string? text, out ClientAddress address)
    {
        address = default;
        return string.IsNullOrEmpty(text) ? Violations.AddressRequired(AddressField)
            : !ClientAddress.TryParse(text, out address) ? Violations.AddressMalformed(AddressField)
            : address.Scope == AddressScope.Unusable ? Violations.UnusableAddress(AddressField)
            : null;
    }

    private bool TryHeader(AttributeContext.Types.HttpRequest? http, out ClientAddress address)
    {
        address = default;
        return _header is not null && http is not null && Value(http, _header) is { } text
            && ClientAddress.TryParse(text, out address) && address.Scope != AddressScope.Unusable;
    }

    // Envoy sends headers in one of two forms; in the second one that is there twice is two.
    private static string? Value(AttributeContext.Types.HttpRequest http, string header)
    {
        if (http.Headers.TryGetValue(header, out var value))
        {
            return value;
        }

        var raw = http.HeaderMap?.Headers.Where(one => string.Equals(one.Key, header, StringComparison.OrdinalIgnoreCase)).ToList();
        return raw is [var only] ? only.RawValue.ToStringUtf8() : null;
    }
}
