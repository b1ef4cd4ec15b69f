namespace SpamGuard.Addresses;

/// <summary>A set of IPv4 and IPv6 networks, which an address can be asked about (<see cref="ClientAddress.IsIn"/>). Immutable.</summary>
/// <param name="v4">Its IPv4 addresses.</param>
/// <param name="v6">Its IPv6 addresses.</param>
internal sealed class PrefixSet(IntervalSet<uint> v4, IntervalSet<UInt128> v6)
{
    /// <summary>How many different networks it was made of.</summary>
    public int Count => v4.Distinct + v6.Distinct;

    /// <summary>Whether an address is in it, by the bits that <see cref="ClientAddress"/> keeps to itself: of IPv4, the upper half of <paramref name="high"/>.</summary>
    public bool Contains(byte version, ulong high, ulong low) => version switch
    {
        4 => v4.Contains((uint)(high >> 32)),
        6 => v6.Contains(new UInt128(high, low)),
        _ => false,
    };
}
