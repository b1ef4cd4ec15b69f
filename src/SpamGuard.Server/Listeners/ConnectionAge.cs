using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace SpamGuard.Server.Listeners;

/// <summary>How old a connection may get. Without a limit a client that connected once never meets a process that started later.</summary>
/// <param name="end">When it is old enough, by the timestamps of <paramref name="time"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionAge(long end, TimeProvider time)
{
    private const int JitterPercent = 10;

    private int _isTaken;

    /// <summary>Begins to count for one connection, give or take a tenth, which keeps a fleet from reconnecting at once.</summary>
    public static void Begin(ConnectionContext connection, TimeSpan maxAge, TimeProvider time)
    {
        var jittered = maxAge * (1 + (RandomNumberGenerator.GetInt32(-JitterPercent * 100, (JitterPercent * 100) + 1) / 10_000.0));
        connection.Features.Set(new ConnectionAge(time.GetTimestamp() + (long)(jittered.TotalSeconds * time.TimestampFrequency), time));
    }

    /// <summary>Whether who asks is to end the connection: once, as soon as it is old enough or all are to end.</summary>
    public bool TryEnd(bool isTimeForAll) => (isTimeForAll || time.GetTimestamp() >= end) && Interlocked.Exchange(ref _isTaken, 1) == 0;
}
