using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpamGuard.AspNetCore.Checks;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Addresses;

/// <summary>
/// Notices that the address of requests is a proxy's and not the client's: then all clients count as one, and the first spammer has everybody refused. Whom to believe is for the forwarded headers' own
/// middleware to say; what that can't read of a proxy that it believes is read here.
/// </summary>
internal sealed partial class AddressWatch(
    IOptions<SpamGuardChecksOptions> options, IOptions<ForwardedHeadersOptions> forwarded, ForwardingProxies proxies, TimeProvider time, CheckMetrics metrics, ILogger<AddressWatch> logger)
{
    private readonly Crowd _crowd = new(options.Value.MaxClientsOfPrivateAddress, time);
    private readonly Reminder _ofClients = new(time);
    private readonly Reminder _ofForwarded = new(time);
    private readonly Reminder _ofMissing = new(time);

    /// <summary>Looks at a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="account">The digest of its account; <c>null</c> for none. Without one, clients are told apart by what their browser says of itself.</param>
    /// <returns>The address to ask about; <c>null</c> where there is none, or it is a proxy's and whose the request is nobody knows.</returns>
    public IPAddress? Look(HttpContext context, string? account)
    {
        var headers = context.Request.Headers;
        var address = context.Connection.RemoteIpAddress is { } peer ? ForwardingProxies.Unmapped(peer) : null;
        // What is left of it behind a proxy that is known is what that proxy says: of another, or what the middleware can't read, such as a quote that a client opened.
        var client = address;
        var hasForwarded = headers.ContainsKey(forwarded.Value.ForwardedForHeaderName);
        var isProxy = hasForwarded && address is not null && proxies.Know(address);
        if (isProxy || (hasForwarded && !proxies.HasProcessed(context)))
        {
            metrics.Suspected("forwarded");
            if (_ofForwarded.IsDue())
            {
                Log.ForwardedNotProcessed(logger, forwarded.Value.ForwardedForHeaderName, options.Value.VerdictWithoutAddress);
            }

            isProxy |= address is null || PrivateNetworks.Contain(address) || proxies.KnowAll;
            client = isProxy ? proxies.LastHop(context) : address;
        }

        if (address is null && client is null)
        {
            metrics.Suspected("missing");
            if (_ofMissing.IsDue())
            {
                Log.NoAddress(logger, options.Value.VerdictWithoutAddress);
            }
        }

        if ((client ?? address) is { } counted && PrivateNetworks.Contain(counted)
            && _crowd.Add(counted, account is null ? HashCode.Combine(headers.UserAgent.ToString(), headers.AcceptLanguage.ToString()) : HashCode.Combine(account)))
        {
            metrics.Suspected("many_clients");
            if (_ofClients.IsDue())
            {
                Log.ManyClients(logger, options.Value.MaxClientsOfPrivateAddress);
            }
        }

        return client;
    }

    private static partial class Log
    {
        private const string WhatToSet =
            "app.UseForwardedHeaders() before anything that looks at addresses, and of ForwardedHeadersOptions set ForwardedHeaders to XForwardedFor, KnownProxies or KnownIPNetworks to your proxies' own addresses, and ForwardLimit to how many of them there are in a row";

        [LoggerMessage(1, LogLevel.Warning, "{Clients} clients and more came by a private address within an hour: SpamGuard is asked about a proxy's address and counts all of them as one. Call " + WhatToSet, EventName = nameof(ManyClients))]
        public static partial void ManyClients(ILogger logger, int clients);

        [LoggerMessage(2, LogLevel.Warning, "A request came with a header {Header} that the forwarded headers' middleware left. By a proxy that is known, the last address in it is taken, and a client wrote before that what can't be read. By a proxy without such an address, or by another private address, SpamGuard can't be asked about it, and its verdict is {Verdict}: call " + WhatToSet + ". By any other address it is not believed: a client made it up, or there is a proxy to be known", EventName = nameof(ForwardedNotProcessed))]
        public static partial void ForwardedNotProcessed(ILogger logger, string header, Verdict verdict);

        [LoggerMessage(3, LogLevel.Warning, "A request came without an address, as by a Unix socket or in a test: SpamGuard can't be asked about it, and its verdict is {Verdict}. Behind a proxy call " + WhatToSet + "; in a test set HttpContext.Connection.RemoteIpAddress", EventName = nameof(NoAddress))]
        public static partial void NoAddress(ILogger logger, Verdict verdict);
    }
}
