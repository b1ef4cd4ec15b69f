using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

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
/// Everything behind ENTRY has a fixed length, so that its bytes are found without reading JSON. ENTRY holds 128 random bits (<c>nonce</c>), by which
/// its content can be published without anybody being able to guess what it says.
/// </remarks>
internal sealed record LedgerLine(LedgerEntry Entry, string Content, string Prev, string Hash, string Signature, string Time)
{
    /// <summary>What stands for the hash before the first entry.</summary>
    public static readonly string NoHash = new('0', HashSize);

    /// <summary>The longest line, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int HashSize = 64;
    private const int SignatureSize = 128;
    private const int NonceBytes = 16;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static ReadOnlySpan<byte> Head => "{\"entry\":"u8;

    private static ReadOnlySpan<byte> BeforePrev => ",\"prev\":\""u8;

    private static ReadOnlySpan<byte> BeforeHash => "\",\"hash\":\""u8;

    private static ReadOnlySpan<byte> BeforeSignature => "\",\"signature\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Writes a line, its end included.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="ledger">Which ledger; <c>null</c> for the first entry, whose hash that is.</param>
    /// <param name="prev">The hash of the entry before.</param>
    /// <param name="key">Signs it.</param>
    public static byte[] Encode(LedgerEntry entry, string? ledger, string prev, LedgerKey key)
    {
        var time = entry.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var content = Write(entry, time);
        var hash = HashOf(prev, Convert.ToHexStringLower(SHA256.HashData(content)));
        var signature = key.Sign(LedgerHead.TextOf(ledger ?? hash, entry.Seq, time, hash));
        return
        [
            .. Head, .. content, .. BeforePrev, .. Encoding.ASCII.GetBytes(prev), .. BeforeHash, .. Encoding.ASCII.GetBytes(hash), .. BeforeSignature,
            .. Encoding.ASCII.GetBytes(signature), .. End, (byte)'\n',
        ];
    }

    /// <summary>Takes a line apart, without its end, and checks that its hash is its content's. Neither its place nor its signature is looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LedgerLine? line, out string fault)
    {
        line = null;
        fault = "it is no entry";
        var tail = BeforePrev.Length + HashSize + BeforeHash.Length + HashSize + BeforeSignature.Length + SignatureSize + End.Length;
        var length = bytes.Length - Head.Length - tail;
        if (length <= 0 || bytes.Length > MaxBytes || !bytes.StartsWith(Head))
        {
            return false;
        }

        var content = bytes.Slice(Head.Length, length);
        var rest = bytes[(Head.Length + length)..];
        if (!Take(ref rest, BeforePrev) || !Hex(ref rest, HashSize, out var prev) || !Take(ref rest, BeforeHash) || !Hex(ref rest, HashSize, out var hash)
            || !Take(ref rest, BeforeSignature) || !Hex(ref rest, SignatureSize, out var signature) || !Take(ref rest, End) || !rest.IsEmpty)
        {
            return false;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        if (!string.Equals(HashOf(prev, digest), hash, StringComparison.Ordinal))
        {
            fault = "its hash is not that of what it says";
            return false;
        }

        if (Read(content, out var time) is not { } entry)
        {
            return false;
        }

        line = new LedgerLine(entry, digest, prev, hash, signature, time);
        fault = string.Empty;
        return true;
    }

    /// <summary>The hash of an entry.</summary>
    /// <param name="prev">The hash of the one before.</param>
    /// <param name="content">SHA-256 of its own bytes, in hex.</param>
    public static string HashOf(string prev, string content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"spamguard-ledger-entry:v1:{prev}:{content}")));

    private static byte[] Write(LedgerEntry entry, string time)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", entry.Seq);
            json.WriteString("time", time);
            json.WriteString("nonce", RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true));
            json.WriteString("phase", LedgerNames.Of(entry.Phase));
            json.WriteString("act", LedgerNames.Of(entry.Act));
            if (entry.Intent is { } intent)
            {
                json.WriteNumber("intent", intent);
            }

            if (entry.By is { } by)
            {
                json.WriteStartObject("by");
                json.WriteString("caller", by.Caller);
                json.WriteString("identity", by.Identity);
                json.WriteString("key", by.Key);
                json.WriteEndObject();
            }

            json.WritePropertyName("data");
            entry.Data.WriteTo(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // Nobody but a desk writes lines whose hashes are right: what can't be read is of a newer version, or was made by hand.
    private static LedgerEntry? Read(ReadOnlySpan<byte> content, out string time)
    {
        time = string.Empty;
        try
        {
            if (JsonNode.Parse(content) is not JsonObject json
                || (string?)json["time"] is not { } written
                || !DateTimeOffset.TryParseExact(written, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
                || LedgerNames.Phase((string?)json["phase"]) is not { } phase
                || LedgerNames.Act((string?)json["act"]) is not { } act
                || json["data"] is not JsonObject data)
            {
                return null;
            }

            time = written;
            var by = json["by"] is JsonObject who ? new LedgerActor((string)who["caller"]!, (string)who["identity"]!, (string)who["key"]!) : null;
            return new LedgerEntry((long)json["seq"]!, parsed, phase, act, (long?)json["intent"], by, data);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
        {
            return null;
        }
    }

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
