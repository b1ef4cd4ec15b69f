using System.Text;

namespace SpamGuard.Testing.Privacy;

/// <summary>The secrets of a canary run. Nothing else in the tests uses them, or an address near them.</summary>
/// <remarks>
/// The addresses belong to nobody (RFC 2544, RFC 3849) and their bytes are rare: neither zero nor, read as a number, near a unix time of these
/// years, which records hold.
/// </remarks>
internal static class Canaries
{
    public const string V4 = "198.19.231.149";
    public const string V4Mapped = "::ffff:198.19.231.149";
    public const string V6 = "2001:db8:5a17:c0de:9b3e:71d4:a6f8:2c53";
    public const string V6Upper = "2001:0DB8:5A17:C0DE:9B3E:71D4:A6F8:2C53";
    public const string Account = "canary-account-8d41c6f2e97b";
    public const string Content = "canary-content-27e0b95ad3c8";
    public const string Reporter = "canary-reporter-f16a3b70d2e4";

    public static readonly byte[] V4Bytes = [198, 19, 231, 149];
    public static readonly byte[] V6Bytes = Convert.FromHexString("20010db85a17c0de9b3e71d4a6f82c53");

    /// <summary>How many there are.</summary>
    public const int Secrets = 5;

    /// <summary>Looks for all of them. Its networks are part of an address' forms: those too are hashed before they are kept.</summary>
    public static CanaryDetector Detector { get; } = new(
    [
        .. CanaryForms.OfAddress(
            "the IPv4 address", V4Bytes, V4, "198.19.231", "198-19-231-149", "198.019.231.149", V4Mapped, "::ffff:c613:e795", "64:ff9b::c613:e795", "149.231.19.198"),
        .. CanaryForms.OfAddress(
            "the IPv6 address", V6Bytes, V6, V6Upper, "2001:db8:5a17:c0de::", "2001:db8:5a17:c0de", "2001:db8:5a17", "2001:0db8:5a17"),
        .. CanaryForms.OfText("the account", Account),
        .. CanaryForms.OfText("the content", Content),
        .. CanaryForms.OfText("the reporter", Reporter),
    ]);

    /// <summary>Bytes as a sink shows them.</summary>
    public static string Piece(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
