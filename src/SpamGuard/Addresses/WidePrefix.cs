using System.Globalization;

namespace SpamGuard.Addresses;

/// <summary>A /8 of IPv4 or a /24 of IPv6. It concerns millions of addresses and no person, so it is neither hashed nor hidden.</summary>
/// <param name="Version">4 or 6.</param>
/// <param name="Prefix">The leading 8 or 24 bits.</param>
internal readonly record struct WidePrefix(byte Version, uint Prefix)
{
    /// <summary>Version and prefix in one number.</summary>
    public uint Packed => ((uint)Version << 24) | Prefix;

    /// <summary>Reads what <see cref="Packed"/> gave.</summary>
    public static WidePrefix FromPacked(uint packed) => new((byte)(packed >> 24), packed & 0xff_ffff);

    /// <summary><c>4-203</c> or <c>6-2a0102</c>.</summary>
    public override string ToString() =>
        Version == 4 ? string.Create(CultureInfo.InvariantCulture, $"4-{Prefix}") : string.Create(CultureInfo.InvariantCulture, $"6-{Prefix:x6}");
}
