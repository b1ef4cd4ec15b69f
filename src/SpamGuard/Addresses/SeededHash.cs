using System.Buffers.Binary;
using System.IO.Hashing;

namespace SpamGuard.Addresses;

/// <summary>XXH128 under a seed: for replays, where a dozen hashes an event would take most of the time. Never for a service.</summary>
/// <remarks>It spreads as well and hides nothing, and need not: nothing that a replay hashes leaves its process.</remarks>
/// <param name="key">Gives the seed: its first 8 bytes.</param>
internal sealed class SeededHash(byte[] key) : IKeyedHash
{
    private readonly long _seed = BinaryPrimitives.ReadInt64LittleEndian(key);

    /// <inheritdoc/>
    public void Hash(byte tag, ReadOnlySpan<byte> data, Span<byte> destination) =>
        XxHash128.Hash(data, destination, _seed ^ ((long)tag << 56)); // another seed for every use

    /// <summary>Does nothing: there is no secret.</summary>
    public void Dispose()
    {
    }
}
