using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using HashAlgorithm = NSec.Cryptography.HashAlgorithm;

namespace SpamGuard.Testing.Privacy;

/// <summary>All forms in which a secret can give itself away: as it is, encoded, or hashed by something that anybody can compute.</summary>
/// <remarks>
/// An IPv4 address is four bytes, and four bytes meet four others by chance once in 2^32 places. So four raw bytes are looked for in the store
/// alone, where a run leaves some 100 kilobytes (one chance in 10,000), and no 32-bit hash is looked for in raw bytes at all. Hashes are looked
/// for by their first 8 bytes: that finds every truncation down to there, and chance never does.
/// </remarks>
internal static class CanaryForms
{
    private const int HashPrefix = 8;
    private const int Base64HashPrefix = 10;
    private const int ShortestWithin = 12;

    /// <summary>The forms of an address.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="bytes">4 or 16 bytes in network order.</param>
    /// <param name="texts">Every way to write it, and parts that name its network.</param>
    public static IEnumerable<Needle> OfAddress(string name, byte[] bytes, params string[] texts)
    {
        var isV4 = bytes.Length == 4;
        byte[] mapped = isV4 ? [.. new byte[10], 0xff, 0xff, .. bytes] : bytes;
        var kept = isV4 ? bytes : bytes[..8]; // what is hashed of an IPv6 address is its /64
        byte[] prefix = [(byte)(isV4 ? 4 : 6), (byte)kept.Length, .. kept];
        byte[] tagged = [(byte)'a', .. prefix];
        byte[] reversed = [.. bytes.Reverse()];
        return
        [
            .. texts.SelectMany(text => OfText(name, text)),
            .. Encoded(name, "bytes", bytes),
            .. Encoded(name, "bytes reversed", reversed),
            .. isV4 ? [] : Encoded(name, "bytes of /64", kept),
            .. isV4 ? [] : Encoded(name, "bytes of /64 reversed", [.. kept.Reverse()]),
            .. Numbers(name, bytes),
            .. Numbers(name, reversed),
            .. ((byte[][])[bytes, reversed, mapped, kept, prefix, tagged]).SelectMany(source => Hashed(name, "bytes", source)),
        ];
    }

    /// <summary>The forms of a text: an address as it was sent, or a digest.</summary>
    public static IEnumerable<Needle> OfText(string name, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return Text(name, $"text '{text}'", text);
        yield return Raw(name, $"UTF-16 of '{text}'", Encoding.Unicode.GetBytes(text));
        foreach (var needle in Hex(name, $"text '{text}'", bytes).Concat(Base64Within(name, $"text '{text}'", bytes)))
        {
            yield return needle;
        }

        string[] written = [text, text.ToUpperInvariant(), text + '\n'];
        foreach (var needle in written.Distinct(StringComparer.Ordinal).SelectMany(form => Hashed(name, $"text '{text}'", Encoding.UTF8.GetBytes(form))))
        {
            yield return needle;
        }
    }

    /// <summary>The forms of a secret of many bytes, and of its halves.</summary>
    public static IEnumerable<Needle> OfSecret(string name, byte[] bytes) =>
    [
        .. Encoded(name, "bytes", bytes),
        .. Encoded(name, "bytes of the first half", bytes[..(bytes.Length / 2)]),
        .. Encoded(name, "bytes of the second half", bytes[(bytes.Length / 2)..]),
        .. Hashed(name, "bytes", bytes),
    ];

    private static IEnumerable<Needle> Encoded(string name, string what, byte[] bytes) =>
    [
        Raw(name, what, bytes),
        .. Hex(name, what, bytes),
        .. Base64Within(name, what, bytes),
        Text(name, $"base64 of {what}", Convert.ToBase64String(bytes)),
        Text(name, $"base64url of {what}", Url(Convert.ToBase64String(bytes))),
    ];

    private static IEnumerable<Needle> Hex(string name, string what, byte[] bytes)
    {
        var pairs = Convert.ToHexString(bytes).Chunk(2).Select(pair => new string(pair)).ToList();
        foreach (var separator in (string[])["", "-", ":", " ", ".", ", ", ", 0x", "\\x"])
        {
            yield return Text(name, $"hex of {what}, separated by '{separator}'", string.Join(separator, pairs));
        }

        yield return Text(name, $"decimal bytes of {what}", string.Join(", ", bytes));
        yield return Text(name, $"decimal bytes of {what}", string.Join(',', bytes));
    }

    private static IEnumerable<Needle> Numbers(string name, byte[] bytes)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        yield return Text(name, "number", number.ToString(CultureInfo.InvariantCulture));
        if (bytes.Length == 4)
        {
            yield return Text(name, "signed number", BinaryPrimitives.ReadInt32BigEndian(bytes).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What base64 of something longer shows of these bytes: it depends on where in a group of three they begin.</summary>
    private static IEnumerable<Needle> Base64Within(string name, string what, byte[] bytes)
    {
        for (var offset = 0; offset < 3; offset++)
        {
            byte[] shifted = [.. new byte[offset], .. bytes];
            var first = ((offset * 8) + 5) / 6;
            var certain = Convert.ToBase64String(shifted)[first..(shifted.Length * 8 / 6)];
            if (certain.Length >= ShortestWithin)
            {
                yield return Text(name, $"base64 around {what}", certain);
                yield return Text(name, $"base64url around {what}", Url(certain));
            }
        }
    }

    private static IEnumerable<Needle> Hashed(string name, string what, byte[] source)
    {
        foreach (var (algorithm, hash) in Hashes(source))
        {
            var form = $"{algorithm} of {what}";
            yield return Text(name, $"hex of {form}", Convert.ToHexString(hash.AsSpan(0, Math.Min(HashPrefix, hash.Length))));
            if (hash.Length < HashPrefix)
            {
                yield return Text(name, $"number of {form}", BinaryPrimitives.ReadUInt32BigEndian(hash).ToString(CultureInfo.InvariantCulture));
                continue;
            }

            var base64 = Convert.ToBase64String(hash)[..Base64HashPrefix];
            yield return Text(name, $"base64 of {form}", base64);
            yield return Text(name, $"base64url of {form}", Url(base64));
            yield return Raw(name, form, hash[..HashPrefix]);
            yield return Raw(name, $"{form} reversed", [.. hash[..HashPrefix].Reverse()]);
        }
    }

    private static IEnumerable<(string Algorithm, byte[] Hash)> Hashes(byte[] source) =>
    [
        ("MD5", CryptographicOperations.HashData(HashAlgorithmName.MD5, source)),
        ("SHA-1", CryptographicOperations.HashData(HashAlgorithmName.SHA1, source)),
        ("SHA-256", SHA256.HashData(source)),
        ("SHA-384", SHA384.HashData(source)),
        ("SHA-512", SHA512.HashData(source)),
        ("BLAKE2b-256", HashAlgorithm.Blake2b_256.Hash(source)),
        ("BLAKE2b-512", HashAlgorithm.Blake2b_512.Hash(source)),
        ("xxHash64", XxHash64.Hash(source)),
        ("xxHash3", XxHash3.Hash(source)),
        ("xxHash128", XxHash128.Hash(source)),
        ("xxHash32", XxHash32.Hash(source)),
        ("CRC-64", Crc64.Hash(source)),
        ("CRC-32", Crc32.Hash(source).Reverse().ToArray()), // written as a number it reads from the other end
    ];

    private static Needle Text(string name, string form, string pattern) => new(name, form, pattern, IsRaw: false);

    private static Needle Raw(string name, string form, byte[] bytes) => new(name, form, Encoding.Latin1.GetString(bytes), IsRaw: true);

    private static string Url(string base64) => base64.Replace('+', '-').Replace('/', '_').TrimEnd('=');
}
