using System.Buffers.Binary;
using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>The list of overrides as the store holds it: which there are, and when each ends. Nothing of whom they are about.</summary>
/// <remarks>format 1 ‖ per override 13 bytes: letter of its class 1, number 8 big-endian, unix second of its end 4 little-endian.</remarks>
internal static class OverrideIds
{
    /// <summary>How many there may be at once; the same constant as in <c>override-ids.lua</c>.</summary>
    public const int Most = 1000;

    /// <summary>Length of a packed id in bytes.</summary>
    public const int IdSize = 9;

    /// <summary>Length of a packed entry in bytes.</summary>
    public const int EntrySize = IdSize + sizeof(uint);

    private const byte Format = 1;

    /// <summary>Packs an id.</summary>
    public static void Write(OverrideId id, Span<byte> destination)
    {
        destination[0] = (byte)id.Class.Letter;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], id.Number);
    }

    /// <summary>Packs an entry.</summary>
    public static byte[] Entry(OverrideId id, long expireTime)
    {
        var packed = new byte[EntrySize];
        Write(id, packed);
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(IdSize), checked((uint)expireTime));
        return packed;
    }

    /// <summary>Reads a list; none where there is none.</summary>
    /// <exception cref="StoreException">It is not one: something else writes under our keys.</exception>
    public static IReadOnlyList<(OverrideId Id, long ExpireTime)> Read(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty)
        {
            return [];
        }

        if (packed.Length % EntrySize != 1 || packed[0] != Format)
        {
            throw Malformed();
        }

        var entries = new (OverrideId, long)[packed.Length / EntrySize];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = packed.Slice(1 + (i * EntrySize), EntrySize);
            var retention = entry[0] == RetentionClass.Address.Letter ? RetentionClass.Address
                : entry[0] == RetentionClass.Network.Letter ? RetentionClass.Network
                : throw Malformed();
            entries[i] = (new OverrideId(retention, BinaryPrimitives.ReadUInt64BigEndian(entry[1..])), BinaryPrimitives.ReadUInt32LittleEndian(entry[IdSize..]));
        }

        return entries;
    }

    private static StoreException Malformed() => new(StoreFailure.Malformed, "The list of overrides in the store is not of the expected form.");
}
