using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace SpamGuard.AspNetCore.Addresses;

/// <summary>The proxies from which the forwarded headers' middleware takes addresses, and whether it has taken one.</summary>
internal sealed class ForwardingProxies(IOptions<ForwardedHeadersOptions> options)
{
    private readonly ForwardedHeadersOptions _options = options.Value;

    /// <summary>Whether every address is a proxy to it: none is named, as with <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>.</summary>
    public bool KnowAll => IsOn && _options.KnownProxies.Count == 0 && _options.KnownIPNetworks.Count == 0;

    private bool IsOn => _options.ForwardedHeaders.HasFlag(ForwardedHeaders.XForwardedFor);

    /// <summary>Whether an address is a named proxy's.</summary>
    /// <param name="address">IPv4 not mapped to IPv6.</param>
    public bool Know(IPAddress address) =>
        IsOn && (_options.KnownProxies.Any(known => known.Equals(address) || known.Equals(address.MapToIPv6())) || _options.KnownIPNetworks.Any(network => network.Contains(address)));

    /// <summary>Whether the address of a request is one that a middleware took.</summary>
    public bool HasProcessed(HttpContext context) => Peer(context) is { } peer
        ? !peer.Equals(context.Connection.RemoteIpAddress)
        : context.Request.Headers.ContainsKey(_options.OriginalForHeaderName);

    /// <summary>The client of a request whose header the middleware left: where it can't read a whole list, for a client opened a quote in its own part, the part of a proxy that is known stands at the end all the same.</summary>
    /// <returns><c>null</c> where there is no such part, or the middleware took it.</returns>
    public IPAddress? LastHop(HttpContext context)
    {
        IPAddress? client = null;
        if (HasProcessed(context) || context.Connection.RemoteIpAddress is not { } hop)
        {
            return null;
        }

        var parts = context.Request.Headers[_options.ForwardedForHeaderName].ToString().Split(','); // several lines are one list
        for (var i = parts.Length - 1; i >= 0 && parts.Length - i <= (_options.ForwardLimit ?? int.MaxValue) && Believe(hop) && IPEndPoint.TryParse(parts[i].Trim(), out var next); i--)
        {
            client = hop = Unmapped(next.Address);
        }

        return client;
    }

    /// <summary>An IPv4 address as such, also where it is mapped to IPv6.</summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool Believe(IPAddress address) => KnowAll || Know(Unmapped(address));

    // The middleware keeps the proxy's address in a header, which a client can send too: so by the connection, where it is there to look at.
    private static IPAddress? Peer(HttpContext context)
    {
        try
        {
            return (context.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint as IPEndPoint)?.Address;
        }
        catch (Exception e) when (e is ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            return null; // the client has gone
        }
    }
}
