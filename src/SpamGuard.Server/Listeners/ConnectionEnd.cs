using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace SpamGuard.Server.Listeners;

/// <summary>Ends connections of callers, those that are old and at the end of the process those in use, so that no call is lost: with a call, never between two.</summary>
/// <remarks>
/// Asked to close while no call runs, Kestrel says both of HTTP/2's goodbyes (GOAWAY) and closes at once, and a call that the client is about to send
/// fails in it: of connections in use every fourth lost one, measured with .NET's own client. RFC 9113, section 6.8, wants a round trip between the two
/// goodbyes. There is one where a call keeps the connection open that is answered already.
/// What has no call after <see cref="All"/> is left to Kestrel's own stop, which ends it in just that way between two calls, and can still lose one: that
/// are callers who make none in the second half of <c>Drain:Delay</c>, and where that is 0 every caller, for then <see cref="All"/> is never called.
/// </remarks>
internal sealed class ConnectionEnd(TimeProvider time)
{
    /// <summary>Enough of a round trip; the client closes as soon as its other calls are answered, and then it is over.</summary>
    private static readonly TimeSpan LongestRoundTrip = TimeSpan.FromSeconds(1);

    private volatile bool _isTimeForAll;

    /// <summary>Whether the next call on each connection is its last.</summary>
    public bool IsTimeForAll => _isTimeForAll;

    /// <summary>Puts it before everything that answers.</summary>
    public static void Use(WebApplication app)
    {
        var end = app.Services.GetRequiredService<ConnectionEnd>();
        app.Use(next => context => context.Features.Get<ConnectionAge>()?.TryEnd(end.IsTimeForAll) == true ? end.WithAsync(context, next) : next(context));
    }

    /// <summary>Makes it so from now on.</summary>
    public void All() => _isTimeForAll = true;

    private async Task WithAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose(); // HTTP/1.1: the answer says so
        await next(context);
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            return;
        }

        await context.Response.CompleteAsync();
        var closed = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed;
        await Task.Delay(LongestRoundTrip, time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
