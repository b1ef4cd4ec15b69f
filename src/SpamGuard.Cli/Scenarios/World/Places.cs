using System.Buffers.Binary;
using SpamGuard.Addresses;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// Where scenarios live. Each has a /8 (IPv6 /24) of its own, so that nothing is known of an attacker's surroundings that its own scenario did not
/// do: a /8 of good repute makes the verdicts on a new address in it up to two sign-ups milder. Scattered bots live among the homes.
/// </summary>
internal static class Places
{
    /// <summary>An IPv4 address.</summary>
    public static ClientAddress V4(int first, int second, int third, int fourth) =>
        From([(byte)first, (byte)second, (byte)third, (byte)fourth]);

    /// <summary>An IPv6 address.</summary>
    /// <param name="region">Its /32.</param>
    /// <param name="network">The 16 bits that complete its /48.</param>
    /// <param name="subnet">The 16 bits that complete its /64.</param>
    /// <param name="host">Its last 64 bits.</param>
    public static ClientAddress V6(uint region, int network, int subnet, ulong host)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, region);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)network);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)subnet);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), host);
        return From(bytes);
    }

    private static ClientAddress From(byte[] bytes) =>
        ClientAddress.TryFromBytes(bytes, out var address) ? address : throw new ArgumentException("Neither 4 nor 16 bytes.", nameof(bytes));
}
