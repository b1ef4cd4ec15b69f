using System.Text;
using SpamGuard.Desk.Ledger;
using SpamGuard.Promise.World;

namespace SpamGuard.Promise.Sabotages;

/// <summary>What sabotages do to a ledger.</summary>
internal static class LedgerDeeds
{
    private const string File = "ledger";
    private const string Subjects = "\"subjects\":";
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
        string? ledger = null;
        var act = entries.First(static entry => entry.Phase == LedgerPhase.Intent).Seq;
        var (places, lines, last) = (new Dictionary<long, long>(), new List<string>(), LedgerLine.NoHash);
        foreach (var entry in entries.Where(entry => entry.Seq != act && entry.Intent != act))
        {
            places[entry.Seq] = places.Count + 1;
            var line = entry.Seq < act ? Encoding.UTF8.GetBytes(old[entry.Seq - 1])
                : LedgerLine.Encode(entry with { Seq = places[entry.Seq], Intent = entry.Intent is { } intent ? places[intent] : null }, ledger, last, key)[..^1];
            if (!LedgerLine.TryRead(line, out var read, out var fault))
            {
                throw new PromiseException($"An entry can't be written anew: {fault}.");
            }

            (ledger, last) = (ledger ?? read.Hash, read.Hash);
            lines.Add(Encoding.UTF8.GetString(line));
        }

        await WriteAsync(world, lines);
    }

    /// <summary>Changes a figure of the last order that was opened, in its place.</summary>
    public static async Task ChangeAsync(RunningWorld world)
    {
        var text = Encoding.Latin1.GetString((await CopyAsync(world))[File]);
        await using var file = new FileStream(world.Ledger.FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = text.LastIndexOf(Subjects, StringComparison.Ordinal) + Subjects.Length;
        file.WriteByte((byte)'9');
    }

    /// <summary>Puts a proxy between the desk and its readers.</summary>
    public static Task InterceptAsync(RunningWorld world) => Deeds.Done(() =>
    {
        var proxy = new ChangingProxy(world.Published);
        world.Intercept(proxy, proxy.Url);
    });

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
