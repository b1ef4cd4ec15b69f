using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace SpamGuard.Server.Listeners;

/// <summary>Asks a connection to close at a certain age (HTTP/2: GOAWAY; calls in flight end as usual). Kestrel has no such limit of its own.</summary>
/// <remarks>Without it a client that connected once never meets a process that started later. The jitter keeps a fleet from reconnecting at once.</remarks>
internal static class ConnectionAge
{
    private const int JitterPercent = 10;

    /// <summary>Limits the age of one connection while <paramref name="next"/> serves it.</summary>
    public static async Task LimitAsync(ConnectionContext connection, ConnectionDelegate next, TimeSpan maxAge, TimeProvider time)
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is not { } lifetime)
        {
            await next(connection);
            return;
        }

        await using var timer = time.CreateTimer(
            static state => ((IConnectionLifetimeNotificationFeature)state!).RequestClose(), lifetime, Jittered(maxAge), Timeout.InfiniteTimeSpan);
        await next(connection);
    }

    private static TimeSpan Jittered(TimeSpan age) =>
        age * (1 + (RandomNumberGenerator.GetInt32(-JitterPercent * 100, (JitterPercent * 100) + 1) / 10_000.0));
}
