using StackExchange.Redis;

namespace SpamGuard.Testing.Privacy;

/// <summary>Every key and every value of the store, as whoever holds a dump of its memory reads them.</summary>
/// <param name="admin">The store, as a user that may do anything.</param>
internal sealed class KeyspaceSink(IDatabase admin) : ISink
{
    public string Name => "Redis keys and values";

    public bool HoldsBytes => true;

    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        var pieces = new List<string>();
        foreach (var key in await KeysAsync(admin))
        {
            pieces.Add(Canaries.Piece((byte[])key!));
            var dump = (byte[]?)await admin.ExecuteAsync("DUMP", key).DefaultTimeout();
            pieces.Add(Canaries.Piece(dump));
            if (await admin.KeyTypeAsync(key).DefaultTimeout() == RedisType.String)
            {
                // A dump compresses what repeats itself.
                pieces.Add(Canaries.Piece((byte[]?)await admin.StringGetAsync(key).DefaultTimeout()));
            }
        }

        return pieces;
    }

    /// <summary>All keys, by SCAN.</summary>
    public static async Task<IReadOnlyList<RedisKey>> KeysAsync(IDatabase admin)
    {
        var keys = new HashSet<RedisKey>();
        var cursor = 0L;
        do
        {
            var page = (RedisResult[])(await admin.ExecuteAsync("SCAN", cursor, "COUNT", 1000).DefaultTimeout())!;
            cursor = (long)page[0];
            keys.UnionWith((RedisKey[])page[1]!);
        }
        while (cursor != 0);

        return [.. keys];
    }
}
