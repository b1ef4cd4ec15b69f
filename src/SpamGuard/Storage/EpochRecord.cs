using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SpamGuard.Storage;

/// <summary>What the store holds of one epoch: its salt, the name of its pepper, and a generation that each roll raises.</summary>
/// <param name="Generation">1 for the first salt of an epoch; for one that a roll made the unix second of the roll, or more. Room until 2106.</param>
/// <param name="PepperId">The name of its pepper.</param>
/// <param name="Salt">Its salt, of <see cref="SaltSize"/> bytes.</param>
/// <remarks>45 bytes: format (1) ‖ generation (4, big-endian, so that bytes compare as numbers) ‖ pepper id (8) ‖ salt (32).</remarks>
internal sealed record EpochRecord(uint Generation, ulong PepperId, byte[] Salt)
{
    /// <summary>Length of a packed record in bytes.</summary>
    public const int Size = 45;

    /// <summary>Length of a salt in bytes.</summary>
    public const int SaltSize = 32;

    // For clocks that differ, and for rolls within one second.
    private const long MostSecondsAhead = 3600;

    private const byte Format = 1;

    /// <summary>
    /// Whether no roll can have made this at a time (unix seconds) yet. Then it is none of ours: who could plant a generation that can't be raised
    /// could keep the operators from rolling.
    /// </summary>
    public bool IsAheadOf(long now) => Generation > now + MostSecondsAhead;

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
