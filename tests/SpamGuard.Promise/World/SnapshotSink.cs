using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.World;

/// <summary>A snapshot of the whole store as the admin can make Redis write one, byte by byte. The file is deleted at once.</summary>
internal sealed class SnapshotSink(TlsRedis redis) : ISink
{
    public string Name => "a snapshot of Redis";

    public bool HoldsBytes => true;

    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        var file = Path.Combine(redis.Folder, "dump.rdb");
        await redis.Admin.ExecuteAsync("CONFIG", "SET", "rdbcompression", "no"); // what is compressed can't be searched
        await redis.Admin.ExecuteAsync("SAVE");
        try
        {
            return [Canaries.Piece(await File.ReadAllBytesAsync(file))];
        }
        finally
        {
            File.Delete(file);
        }
    }
}
