using System.Security.Cryptography;
using NSec.Cryptography;
using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>What one epoch's salt and pepper give: the key of its tokens, and the key of its decision tokens.</summary>
internal sealed class EpochSecret : IDisposable
{
    private readonly byte[] _salt;

    /// <summary>Derives the keys of an epoch: HKDF-SHA-256 (RFC 5869) over pepper ‖ salt.</summary>
    /// <param name="id">Which epoch.</param>
    /// <param name="record">Its salt.</param>
    /// <param name="pepper">The pepper that the record names.</param>
    /// <param name="hash">What makes tokens; <c>null</c> for HMAC-SHA-256.</param>
    public EpochSecret(EpochId id, EpochRecord record, byte[] pepper, KeyedHashSource? hash)
    {
        Id = id;
        Generation = record.Generation;
        PepperId = record.PepperId;
        _salt = [.. record.Salt];
        byte[] secret = [.. pepper, .. _salt];
        Hasher = new AddressHasher(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, AddressHasher.KeySize, info: "subject-token v1"u8.ToArray()), hash);
        var sealing = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, AeadAlgorithm.XChaCha20Poly1305.KeySize, info: "decision-token v1"u8.ToArray());
        Sealing = Key.Import(AeadAlgorithm.XChaCha20Poly1305, sealing, KeyBlobFormat.RawSymmetricKey);
        CryptographicOperations.ZeroMemory(sealing);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Which epoch.</summary>
    public EpochId Id { get; }

    /// <summary>Raised each time that the epoch is begun anew: <see cref="EpochRecord.Generation"/>.</summary>
    public uint Generation { get; }

    /// <summary>The pepper it was derived with.</summary>
    public ulong PepperId { get; }

    /// <summary>Makes the epoch's tokens.</summary>
    public AddressHasher Hasher { get; }

    /// <summary>Seals and opens the epoch's decision tokens.</summary>
    public Key Sealing { get; }

    /// <summary>Whether this is the epoch's record as the store has it.</summary>
    public bool Matches(EpochRecord record) =>
        record.Generation == Generation && record.PepperId == PepperId && CryptographicOperations.FixedTimeEquals(record.Salt, _salt);

    /// <summary>The record, to be planted again where the store has lost it.</summary>
    public EpochRecord ToRecord() => new(Generation, PepperId, [.. _salt]);

    /// <summary>Zeroes salt and keys: from here on no code path can make a token of this epoch.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_salt);
        Hasher.Dispose();
        Sealing.Dispose();
    }
}
