using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using SpamGuard.Addresses;
using SpamGuard.Server.Edge;

namespace SpamGuard.Server.Http;

/// <summary>
/// Who the client of a proxy is: <c>X-Forwarded-For</c> from its end back, as long as whoever wrote it is trusted. What stands before is anybody's
/// word, and what is no address ends the way: then the last that is known counts.
/// </summary>
/// <remarks>
/// The framework's own middleware walks the same way; but it takes <c>1</c> and <c>0x7f.1</c> for addresses, writes the peer's into a header, and logs addresses. And its lists
/// know quotes: one that a client opens would swallow what the proxy appends. Here a comma is a comma.
/// </remarks>
internal sealed class ForwardedFor
{
    private readonly PrefixSet _trusted;
    private readonly ILogger<ForwardedFor> _logger;
    private int _told;

    /// <summary>Takes the options once: they do not change.</summary>
    public ForwardedFor(IOptions<EdgeOptions> options, ILogger<ForwardedFor> logger) =>
        (_trusted, _logger) = (TrustedProxies.Parse(options.Value.Http.TrustedProxies, out _), logger);

    /// <summary>The address that an event is scored by.</summary>
    /// <exception cref="InvalidOperationException">The connection has no address: a fault of ours, for every listener is one of TCP.</exception>
    public ClientAddress Client(HttpContext context)
    {
        var client = ClientAddress.From(context.Connection.RemoteIpAddress ?? throw new InvalidOperationException("A connection without an address."));
        var hops = context.Request.Headers[ForwardedHeadersDefaults.XForwardedForHeaderName].ToString() // several lines are one list
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (hops.Length > 0 && !client.IsIn(_trusted) && Interlocked.Exchange(ref _told, 1) == 0)
        {
            ServerLog.ForwardedForNotBelieved(_logger);
        }

        for (var i = hops.Length - 1; i >= 0 && client.IsIn(_trusted); i--)
        {
            if (!ClientAddress.TryParse(WithoutPort(hops[i]), out var hop) || hop.Scope == AddressScope.Unusable)
            {
                break;
            }

            client = hop;
        }

        return client;
    }

    // "192.0.2.1:443" and "[2001:db8::1]:443", as some proxies write them; the port may be anything.
    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> hop)
    {
        if (hop.StartsWith('['))
        {
            var end = hop.IndexOf(']');
            return end < 0 ? [] : hop[1..end];
        }

        return hop.Count(':') == 1 ? hop[..hop.IndexOf(':')] : hop;
    }
}
