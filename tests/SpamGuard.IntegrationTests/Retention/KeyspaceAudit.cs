using System.Globalization;
using SpamGuard.IntegrationTests.Privacy;
using SpamGuard.Storage;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>Walks the whole keyspace: which key outlives what its class allows?</summary>
internal static class KeyspaceAudit
{
    /// <summary>A line for each key that may not be there, or not for so long.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(RedisFixture redis)
    {
        var faults = new List<string>();
        foreach (var key in await KeyspaceSink.KeysAsync(redis))
        {
            var left = (long)await redis.Admin.ExecuteAsync("PTTL", key).DefaultTimeout();
            if (Fault(key, left) is { } fault)
            {
                faults.Add(fault);
            }
        }

        return faults;
    }

    private static string? Fault(RedisKey key, long leftMilliseconds)
    {
        const long Gone = -2; // since it was listed
        const long Forever = -1;
        return (Keys.CapSeconds(key.ToString()), leftMilliseconds) switch
        {
            (_, Gone) => null,
            (null, _) => $"{key} has no class",
            (_, Forever) => $"{key} never expires",
            ({ } cap, var left) when left > cap * 1000 =>
                string.Create(CultureInfo.InvariantCulture, $"{key} lives another {left} ms, and its cap is {cap * 1000} ms"),
            _ => null,
        };
    }
}
