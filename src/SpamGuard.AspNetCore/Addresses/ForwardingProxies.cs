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
    /// <remarks>The middleware keeps the proxy's endpoint in a header, which a client can send too; but the port of the proxy's connection it does not know.</remarks>
    public bool HasProcessed(HttpContext context)
    {
        var original = context.Request.Headers[_options.OriginalForHeaderName].ToString();
        var address = context.Connection.RemoteIpAddress;
        return Peer(context) switch
        {
            IPEndPoint peer => address is null || !Unmapped(peer.Address).Equals(Unmapped(address)) || (IPEndPoint.TryParse(original, out var before) && before.Equals(peer)),
            null => original.Length > 0, // a server without sockets, as IIS
            _ => address is not null, // a Unix socket has none of its own
        };
    }

    /// <summary>
    /// The client of a request whose header the middleware left, as far as proxies that are known tell. Where a client opened a quote, the whole list is one text to the middleware, and a comma is one here.
    /// </summary>
    /// <returns><c>null</c> where the middleware took an address, or the last one that is told is none or a proxy's own.</returns>
    public IPAddress? LastHop(HttpContext context)
    {
        var hop = context.Connection.RemoteIpAddress;
        if (HasProcessed(context) || (hop is null && Peer(context) is null or IPEndPoint))
        {
            return null;
        }

        IPAddress? client = null;
        var told = context.Request.Headers[_options.ForwardedForHeaderName].ToString().Split(','); // several lines are one list
        foreach (var part in told.Reverse().Take(_options.ForwardLimit ?? int.MaxValue))
        {
            // By a Unix socket comes only who may write to it: to the middleware that is a proxy, whichever it knows.
            if (!(hop is null ? IsOn : Believe(hop)) || !IPEndPoint.TryParse(part.Trim(), out var next))
            {
                break;
            }

            client = hop = Unmapped(next.Address);
        }

        return client is not null && Know(client) ? null : client;
    }

    /// <summary>An IPv4 address as such, also where it is mapped to IPv6.</summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool Believe(IPAddress address) => KnowAll || Know(Unmapped(address));

    private static EndPoint? Peer(HttpContext context)
    {
        try
        {
            return context.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint;
        }
        catch (Exception e) when (e is ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            return null; // the client has gone
        }
    }
}
