using System.Text;
using SpamGuard.Desk.Ledger;
using SpamGuard.Promise.World;

namespace SpamGuard.Promise.Sabotages;

/// <summary>What sabotages do to a ledger.</summary>
internal static class LedgerDeeds
{
    private const string File = "ledger";
    private const int CutLines = 3;

    /// <summary>Takes a line out of the middle.</summary>
    public static async Task RemoveAsync(RunningWorld world)
    {
        var lines = (await LinesAsync(world)).ToList();
        lines.RemoveAt(lines.Count / 2);
        await WriteAsync(world, lines);
    }

    /// <summary>Takes the last lines away.</summary>
    public static async Task CutAsync(RunningWorld world) => await WriteAsync(world, (await LinesAsync(world))[..^CutLines]);

    /// <summary>Flips a bit in the middle.</summary>
    public static async Task FlipAsync(RunningWorld world)
    {
        var bytes = await System.IO.File.ReadAllBytesAsync(world.Ledger.FilePath);
        bytes[bytes.Length / 2] ^= 1;
        await System.IO.File.WriteAllBytesAsync(world.Ledger.FilePath, bytes);
    }

    /// <summary>Takes all of it away.</summary>
    public static Task LoseAsync(RunningWorld world) => Deeds.Done(() => System.IO.File.Delete(world.Ledger.FilePath));

    /// <summary>Writes it anew from its first act on, without that: each line is chained and signed as the desk does.</summary>
    public static async Task RewriteAsync(RunningWorld world)
    {
        using var key = LedgerKey.Read(world.Ledger.KeyPath, out _)!;
        var (entries, old) = (world.Ledger.Entries(), await LinesAsync(world));
        var act = entries.First(static entry => entry.Phase == LedgerPhase.Intent).Seq;
        var (places, lines, head) = (new Dictionary<long, long>(), new List<string>(), default(LedgerHead));
        foreach (var entry in entries.Where(entry => entry.Seq != act && entry.Intent != act))
        {
            places[entry.Seq] = places.Count + 1;
            var line = entry.Seq < act ? Encoding.UTF8.GetBytes(old[entry.Seq - 1])
                : LedgerLine.Encode(entry with { Seq = places[entry.Seq], Intent = entry.Intent is { } intent ? places[intent] : null }, head, key)[..^1];
            if (!LedgerLine.TryRead(line, out var read, out var fault))
            {
                throw new PromiseException($"An entry can't be written anew: {fault}.");
            }

            head = new LedgerHead(head?.Ledger ?? read.Hash, read.Entry.Seq, LedgerEntryJson.TimeOf(read.Entry), read.Hash, key.PublicKey, read.Signature);
            lines.Add(Encoding.UTF8.GetString(line));
        }

        await WriteAsync(world, lines);
    }

    /// <summary>The ledger as it is now.</summary>
    public static async Task<Dictionary<string, byte[]>> CopyAsync(RunningWorld world)
    {
        await using var file = LedgerFile.OpenToRead(world.Ledger.FilePath);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return new Dictionary<string, byte[]>(StringComparer.Ordinal) { [File] = bytes };
    }

    /// <summary>Stops the desk, puts the ledger back, and starts the desk again.</summary>
    public static async Task RestoreAsync(RunningWorld world, Dictionary<string, byte[]> kept)
    {
        await world.Desk.StopAsync();
        await System.IO.File.WriteAllBytesAsync(world.Ledger.FilePath, kept[File]);
        await world.StartDeskAsync(CancellationToken.None);
    }

    private static Task<string[]> LinesAsync(RunningWorld world) => System.IO.File.ReadAllLinesAsync(world.Ledger.FilePath);

    private static Task WriteAsync(RunningWorld world, IEnumerable<string> lines) =>
        System.IO.File.WriteAllTextAsync(world.Ledger.FilePath, string.Concat(lines.Select(static line => line + "\n")));
}
