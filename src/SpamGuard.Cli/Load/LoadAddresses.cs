using System.Buffers.Binary;

namespace SpamGuard.Cli.Load;

/// <summary>
/// Addresses that nobody has: of the documentation ranges 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737) and 2001:db8::/32 (RFC 3849), and of
/// 198.18.0.0/15, which is for measurements (RFC 2544). None ends in 1 to 4: a policy may answer such documentation addresses as test cards.
/// </summary>
internal sealed class LoadAddresses
{
    private const int LastTestAddress = 4;

    private static readonly uint[] Documentation = [0xC0000200, 0xC6336400, 0xCB007100];

    private readonly byte[][] _addresses;
    private readonly Random _order;

    /// <summary>Draws them.</summary>
    /// <param name="count">How many; fewer where one is drawn twice.</param>
    /// <param name="seed">They and their order follow from it.</param>
    public LoadAddresses(int count, int seed)
    {
        _order = new Random(seed);
        _addresses = [.. Enumerable.Range(0, count).Select(_ => Draw(_order))];
    }

    /// <summary>The next event's, in network order.</summary>
    public byte[] Next() => _addresses[_order.Next(_addresses.Length)];

    private static byte[] Draw(Random random)
    {
        var last = (uint)random.Next(LastTestAddress + 1, 255);
        switch (random.Next(4))
        {
            case 0:
                return V4(Documentation[random.Next(Documentation.Length)] | last);
            case 1:
                var v6 = new byte[16];
                random.NextBytes(v6.AsSpan(4));
                BinaryPrimitives.WriteUInt32BigEndian(v6, 0x20010DB8);
                v6[^1] = (byte)last;
                return v6;
            default:
                return V4(0xC6120000 | ((uint)random.Next(1 << 9) << 8) | last);
        }
    }

    private static byte[] V4(uint address)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return bytes;
    }
}
