using System.Buffers.Binary;
using System.Net;

namespace SpamGuard.Addresses;

/// <summary>Collects networks for a <see cref="PrefixSet"/>.</summary>
/// <remarks>
/// Networks of IPv6 forms that carry an IPv4 address are networks of IPv4, for so are the addresses in them. A network that holds such a form as
/// a whole is not: <c>2002::/16</c> in a list is a statement about the form, and not about all of IPv4.
/// </remarks>
internal sealed class PrefixSetBuilder
{
    private readonly List<(uint Start, uint End)> _v4 = [];
    private readonly List<(UInt128 Start, UInt128 End)> _v6 = [];

    /// <summary>Adds a network. One that is in the set already does no harm.</summary>
    public void Add(IPNetwork network)
    {
        Span<byte> bytes = stackalloc byte[16];
        network.BaseAddress.TryWriteBytes(bytes, out var written);
        if (written == 4)
        {
            Add(BinaryPrimitives.ReadUInt32BigEndian(bytes), network.PrefixLength);
            return;
        }

        var (high, low) = (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        if (EmbeddedV4.TryFind(high, low, out var v4, out var leading) && network.PrefixLength > leading)
        {
            Add(v4, Math.Min(network.PrefixLength - leading, 32));
            return;
        }

        var start = new UInt128(high, low);
        _v6.Add((start, start | (network.PrefixLength == 0 ? UInt128.MaxValue : (UInt128.One << (128 - network.PrefixLength)) - 1)));
    }

    /// <summary>Makes the set, and leaves the builder empty.</summary>
    public PrefixSet Build()
    {
        var set = new PrefixSet(new IntervalSet<uint>(_v4), new IntervalSet<UInt128>(_v6));
        _v4.Clear();
        _v6.Clear();
        return set;
    }

    private void Add(uint start, int length) => _v4.Add((start, start | (uint)((1UL << (32 - length)) - 1)));
}
