using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SpamGuard.Desk.Ledger;

/// <summary>A line of the ledger's file: an entry, and what ties it to all before it.</summary>
/// <remarks>
/// <code>
/// {"entry":ENTRY,"prev":"64 hex","hash":"64 hex","signature":"128 hex"}
///
/// content    SHA-256 of the bytes of ENTRY
/// hash       SHA-256 of the text  spamguard-ledger-entry:v1:PREV:CONTENT
/// signature  Ed25519 over the text of <see cref="LedgerHead.SignedText"/>
/// </code>
/// Everything behind ENTRY has a fixed length, so that its bytes are found without reading JSON. ENTRY is written by <see cref="LedgerEntryJson"/>.
/// </remarks>
internal sealed record LedgerLine(LedgerEntry Entry, string Content, string Prev, string Hash, string Signature)
{
    /// <summary>What stands for the hash before the first entry.</summary>
    public static readonly string NoHash = new('0', HashSize);

    /// <summary>The longest line, in bytes, without its end.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int HashSize = 2 * SHA256.HashSizeInBytes;
    private const int SignatureSize = 128;

    private static ReadOnlySpan<byte> Head => "{\"entry\":"u8;

    private static ReadOnlySpan<byte> BeforePrev => ",\"prev\":\""u8;

    private static ReadOnlySpan<byte> BeforeHash => "\",\"hash\":\""u8;

    private static ReadOnlySpan<byte> BeforeSignature => "\",\"signature\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    private static int TailSize => BeforePrev.Length + HashSize + BeforeHash.Length + HashSize + BeforeSignature.Length + SignatureSize + End.Length;

    /// <summary>Writes a line, its end included.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="ledger">Which ledger; <c>null</c> for the first entry, whose hash that is.</param>
    /// <param name="prev">The hash of the entry before.</param>
    /// <param name="key">Signs it.</param>
    public static byte[] Encode(LedgerEntry entry, string? ledger, string prev, LedgerKey key)
    {
        var content = LedgerEntryJson.Write(entry);
        var hash = HashOf(prev, DigestOf(content));
        var signature = key.Sign(LedgerHead.TextOf(ledger ?? hash, entry.Seq, LedgerEntryJson.TimeOf(entry), hash));
        return
        [
            .. Head, .. content, .. BeforePrev, .. Encoding.ASCII.GetBytes(prev), .. BeforeHash, .. Encoding.ASCII.GetBytes(hash), .. BeforeSignature,
            .. Encoding.ASCII.GetBytes(signature), .. End, (byte)'\n',
        ];
    }

    /// <summary>Takes a line apart, without its end, and checks that its hash is its content's. Neither its place nor its signature is looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LedgerLine? line, out string fault)
    {
        (line, fault) = (null, "it is no entry");
        var content = ContentOf(bytes);
        var rest = bytes[(content.IsEmpty ? bytes.Length : Head.Length + content.Length)..];
        if (!Take(ref rest, BeforePrev) || !Hex(ref rest, HashSize, out var prev) || !Take(ref rest, BeforeHash) || !Hex(ref rest, HashSize, out var hash)
            || !Take(ref rest, BeforeSignature) || !Hex(ref rest, SignatureSize, out var signature) || !Take(ref rest, End))
        {
            return false;
        }

        var digest = DigestOf(content);
        if (!string.Equals(HashOf(prev, digest), hash, StringComparison.Ordinal))
        {
            fault = "its hash is not that of what it says";
            return false;
        }

        if (LedgerEntryJson.Read(content) is not { } entry)
        {
            fault = "it is no entry that this version can read"; // nobody but a desk writes lines whose hashes are right: of a newer version, or made by hand
            return false;
        }

        (line, fault) = (new LedgerLine(entry, digest, prev, hash, signature), string.Empty);
        return true;
    }

    /// <summary>The bytes of a line's ENTRY, by their place alone; none where the line has no place for them.</summary>
    public static ReadOnlySpan<byte> ContentOf(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length - Head.Length - TailSize;
        return length <= 0 || bytes.Length > MaxBytes || !bytes.StartsWith(Head) ? [] : bytes.Slice(Head.Length, length);
    }

    /// <summary>SHA-256 of an entry's own bytes, in hex.</summary>
    public static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The hash of an entry.</summary>
    /// <param name="prev">The hash of the one before.</param>
    /// <param name="digest"><see cref="DigestOf"/> its own bytes.</param>
    public static string HashOf(string prev, string digest) => DigestOf(Encoding.ASCII.GetBytes($"spamguard-ledger-entry:v1:{prev}:{digest}"));

    private static bool Take(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected))
        {
            return false;
        }

        rest = rest[expected.Length..];
        return true;
    }

    private static bool Hex(ref ReadOnlySpan<byte> rest, int size, out string hex)
    {
        hex = string.Empty;
        if (rest.Length < size || !LedgerHex.Is(rest[..size]))
        {
            return false;
        }

        hex = Encoding.ASCII.GetString(rest[..size]);
        rest = rest[size..];
        return true;
    }
}
