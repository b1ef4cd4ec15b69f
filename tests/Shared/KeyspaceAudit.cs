using SpamGuard.Storage;
using SpamGuard.Testing.Privacy;
using StackExchange.Redis;

namespace SpamGuard.Testing;

/// <summary>Walks the whole keyspace: which key outlives what its class allows?</summary>
internal static class KeyspaceAudit
{
    private const long Gone = -2; // since it was listed

    /// <summary>Every key with what is left of its life.</summary>
    public static async Task<IReadOnlyList<KeyLife>> WalkAsync(IDatabase admin)
    {
        var lives = new List<KeyLife>();
        foreach (var key in await KeyspaceSink.KeysAsync(admin))
        {
            var left = (long)await admin.ExecuteAsync("PTTL", key).DefaultTimeout();
            if (left != Gone)
            {
                lives.Add(new KeyLife(key.ToString(), left, Keys.CapSeconds(key.ToString())));
            }
        }

        return lives;
    }

    /// <summary>A line for each key that may not be there, or not for so long.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IDatabase admin) =>
        [.. (await WalkAsync(admin)).Select(life => life.Fault).OfType<string>()];
}
