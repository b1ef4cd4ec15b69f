namespace SpamGuard.Addresses;

/// <summary>What kind of address an event came from.</summary>
internal enum AddressScope
{
    /// <summary>An address of the public internet.</summary>
    Public,

    /// <summary>Loopback, link-local, RFC 1918, RFC 6598 or RFC 4193: usually the address of a proxy, sent by mistake. Scored, and said.</summary>
    Private,

    /// <summary>TEST-NET-1, -2, -3 (RFC 5737) or 2001:db8::/32 (RFC 3849).</summary>
    Documentation,

    /// <summary>Unspecified, broadcast or multicast: no event can come from it.</summary>
    Unusable,
}

/// <summary>Tells scopes apart.</summary>
internal static class AddressScopes
{
    // First and last address of each range, IPv4 as a number, from the IANA special-purpose address registries.
    private static readonly (uint First, uint Last, AddressScope Scope)[] V4 =
    [
        (0x0000_0000, 0x0000_0000, AddressScope.Unusable),
        (0x0a00_0000, 0x0aff_ffff, AddressScope.Private),
        (0x6440_0000, 0x647f_ffff, AddressScope.Private),
        (0x7f00_0000, 0x7fff_ffff, AddressScope.Private),
        (0xa9fe_0000, 0xa9fe_ffff, AddressScope.Private),
        (0xac10_0000, 0xac1f_ffff, AddressScope.Private),
        (0xc000_0200, 0xc000_02ff, AddressScope.Documentation),
        (0xc0a8_0000, 0xc0a8_ffff, AddressScope.Private),
        (0xc633_6400, 0xc633_64ff, AddressScope.Documentation),
        (0xcb00_7100, 0xcb00_71ff, AddressScope.Documentation),
        (0xe000_0000, 0xefff_ffff, AddressScope.Unusable),
        (0xffff_ffff, 0xffff_ffff, AddressScope.Unusable),
    ];

    /// <summary>The scope of a canonical address: its version and its leading and trailing 64 bits.</summary>
    public static AddressScope Of(byte version, ulong high, ulong low) => version == 4 ? OfV4((uint)(high >> 32)) : OfV6(high, low);

    private static AddressScope OfV4(uint address)
    {
        foreach (var (first, last, scope) in V4)
        {
            if (address >= first && address <= last)
            {
                return scope;
            }
        }

        return AddressScope.Public;
    }

    private static AddressScope OfV6(ulong high, ulong low) => (high, low) switch
    {
        (0, 0) => AddressScope.Unusable,
        (0, 1) => AddressScope.Private,
        _ when high >> 56 == 0xff => AddressScope.Unusable,
        _ when high >> 54 == 0xfe80 >> 6 => AddressScope.Private,
        _ when high >> 57 == 0xfc >> 1 => AddressScope.Private,
        _ when high >> 32 == 0x2001_0db8 => AddressScope.Documentation,
        _ => AddressScope.Public,
    };
}
