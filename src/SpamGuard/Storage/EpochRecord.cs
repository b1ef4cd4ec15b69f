using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SpamGuard.Storage;

/// <summary>What the store holds of one epoch: its salt, the name of its pepper, and how often it was begun anew.</summary>
/// <remarks>45 bytes: format (1) ‖ generation (4, big-endian, so that bytes compare as numbers) ‖ pepper id (8) ‖ salt (32).</remarks>
internal sealed record EpochRecord(uint Generation, ulong PepperId, byte[] Salt)
{
    /// <summary>Length of a packed record in bytes.</summary>
    public const int Size = 45;

    /// <summary>Length of a salt in bytes.</summary>
    public const int SaltSize = 32;

    private const byte Format = 1;

    /// <summary>Zeroes the salt: who has taken it over keeps no second copy of it.</summary>
    public void Zero() => CryptographicOperations.ZeroMemory(Salt);

    /// <summary>A record of its own, which zeroing this one leaves alone.</summary>
    public EpochRecord Copy() => this with { Salt = [.. Salt] };

    /// <summary>Packs the record.</summary>
    public byte[] Pack()
    {
        var packed = new byte[Size];
        packed[0] = Format;
        BinaryPrimitives.WriteUInt32BigEndian(packed.AsSpan(1), Generation);
        BinaryPrimitives.WriteUInt64BigEndian(packed.AsSpan(5), PepperId);
        Salt.CopyTo(packed.AsSpan(13));
        return packed;
    }

    /// <summary>Reads a packed record.</summary>
    /// <exception cref="StoreException">It is not one: something else writes under our keys.</exception>
    public static EpochRecord Read(ReadOnlySpan<byte> packed) =>
        packed.Length == Size && packed[0] == Format
            ? new EpochRecord(BinaryPrimitives.ReadUInt32BigEndian(packed[1..]), BinaryPrimitives.ReadUInt64BigEndian(packed[5..]), packed[13..].ToArray())
            : throw new StoreException(StoreFailure.Malformed, "An epoch's record in the store is not of the expected form.");
}
