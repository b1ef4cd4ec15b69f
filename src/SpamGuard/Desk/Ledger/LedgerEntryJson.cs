using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpamGuard.Desk.Ledger;

/// <summary>How an entry is written. There is one way: what is written otherwise is no entry, however it may be read.</summary>
/// <remarks>It holds 128 random bits (<c>nonce</c>), by which its hash can be published without anybody being able to guess what it says.</remarks>
internal static class LedgerEntryJson
{
    private const int NonceBytes = 16;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // A member that is there twice is read as the first by some and as the last by others.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>How a time is written.</summary>
    public static string TimeOf(LedgerEntry entry) => entry.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Writes an entry, with a new nonce.</summary>
    public static byte[] Write(LedgerEntry entry) => Write(entry, RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true)).WrittenSpan.ToArray();

    /// <summary>Reads an entry; <c>null</c> where it is none, or of a newer version.</summary>
    public static LedgerEntry? Read(ReadOnlySpan<byte> content)
    {
        try
        {
            if (JsonNode.Parse(content, documentOptions: Strict) is not JsonObject json
                || !DateTimeOffset.TryParseExact(Text(json, "time"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                || LedgerNames.Phase(Text(json, "phase")) is not { } phase
                || LedgerNames.Act(Text(json, "act")) is not { } act
                || json["data"] is not JsonObject data
                || LedgerHex.Read(Text(json, "nonce"), NonceBytes) is null)
            {
                return null;
            }

            var by = json["by"] is JsonObject who ? new LedgerActor(Text(who, "caller"), Text(who, "identity"), Text(who, "key")) : null;
            var entry = new LedgerEntry((long)json["seq"]!, time, phase, act, (long?)json["intent"], by, data);
            return Write(entry, Text(json, "nonce")).WrittenSpan.SequenceEqual(content) ? entry : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
        {
            return null;
        }
    }

    private static string Text(JsonObject json, string name) => (string?)json[name] ?? throw new FormatException();

    private static ArrayBufferWriter<byte> Write(LedgerEntry entry, string nonce)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("seq", entry.Seq);
        json.WriteString("time", TimeOf(entry));
        json.WriteString("nonce", nonce);
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
        json.Flush();
        return buffer;
    }
}
