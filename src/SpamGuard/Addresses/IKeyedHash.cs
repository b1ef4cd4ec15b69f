namespace SpamGuard.Addresses;

/// <summary>Makes a keyed hash of an <see cref="AddressHasher"/> from an epoch's key of <see cref="AddressHasher.KeySize"/> bytes, which it takes over.</summary>
internal delegate IKeyedHash KeyedHashSource(byte[] key);

/// <summary>A hash under one key.</summary>
internal interface IKeyedHash : IDisposable
{
    /// <summary>Hashes data for one use.</summary>
    /// <param name="tag">What the hash is for: no two uses can meet.</param>
    /// <param name="data">What is hashed.</param>
    /// <param name="destination">32 bytes, of which at least the first 16 are written.</param>
    void Hash(byte tag, ReadOnlySpan<byte> data, Span<byte> destination);
}
