using System.Globalization;

namespace SpamGuard.Storage.Redis;

/// <summary>What a server says of its memory.</summary>
/// <param name="Used">Bytes that count towards the limit.</param>
/// <param name="Limit"><c>maxmemory</c> in bytes; 0 for none.</param>
/// <param name="Evicted">Keys thrown out before their time since the server started.</param>
internal sealed record StoreMemoryReading(long Used, long Limit, long Evicted)
{
    /// <summary>Used memory by its limit; 0 where there is none.</summary>
    public double Share => Limit > 0 ? (double)Used / Limit : 0;

    /// <summary>Reads what INFO answers; <c>null</c> where the limit or what counts towards it is not in it.</summary>
    /// <param name="memory">The section <c>memory</c>.</param>
    /// <param name="stats">The section <c>stats</c>.</param>
    public static StoreMemoryReading? Of(string? memory, string? stats) =>
        Number(memory, "used_memory") is { } used && Number(memory, "maxmemory") is { } limit
            ? new(used - (Number(memory, "mem_not_counted_for_evict") ?? 0), limit, Number(stats, "evicted_keys") ?? 0)
            : null;

    private static long? Number(string? section, string name)
    {
        foreach (var line in (section ?? string.Empty).AsSpan().EnumerateLines())
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.Ordinal))
            {
                return long.TryParse(line[(name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            }
        }

        return null;
    }
}
