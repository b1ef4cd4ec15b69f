namespace SpamGuard.Addresses;

/// <summary>The IPv6 forms that carry an IPv4 address: mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96, RFC 6052), 6to4 (2002::/16, RFC 3056).</summary>
internal static class EmbeddedV4
{
    private const ulong Nat64 = 0x0064_ff9b_0000_0000;
    private const ulong SixToFour = 0x2002;

    /// <summary>Finds the IPv4 address in an IPv6 one, and how many bits stand before it.</summary>
    public static bool TryFind(ulong high, ulong low, out uint address, out int leading)
    {
        if ((high == 0 && low >> 32 == 0xffff) || (high == Nat64 && low >> 32 == 0))
        {
            (address, leading) = ((uint)low, 96);
            return true;
        }

        (address, leading) = ((uint)(high >> 16), 16);
        return high >> 48 == SixToFour;
    }
}
