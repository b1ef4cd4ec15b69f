using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>Writes many keys at once.</summary>
internal static class KeyPlanter
{
    private const int AtOnce = 5_000;
    private const string Script = "for i = ARGV[2], ARGV[3] do redis.call('PSETEX', ARGV[1] .. string.format('%d', i) .. '}', ARGV[4], 'v') end";

    /// <summary>Keys <c>prefix0}</c> and on, each with so long to live.</summary>
    public static async Task PlantAsync(IDatabase admin, string prefix, int count, TimeSpan life)
    {
        for (var from = 0; from < count; from += AtOnce)
        {
            await admin.ExecuteAsync("EVAL", Script, 0, prefix, from, Math.Min(count, from + AtOnce) - 1, (long)life.TotalMilliseconds).DefaultTimeout();
        }
    }
}
