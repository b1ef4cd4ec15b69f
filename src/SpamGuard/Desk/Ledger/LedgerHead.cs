using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpamGuard.Desk.Ledger;

/// <summary>The last entry of a ledger, signed: whoever keeps one can prove later that nothing up to it was changed.</summary>
/// <param name="Ledger">Which ledger: the hash of its first entry, in hex.</param>
/// <param name="Seq">The number of the entry.</param>
/// <param name="Time">When it was entered, as it stands in the entry.</param>
/// <param name="Hash">Its hash in hex, which covers every entry before it.</param>
/// <param name="PublicKey">The Ed25519 key that it is signed with, 32 bytes in hex.</param>
/// <param name="Signature">Ed25519 over <see cref="SignedText"/>, 64 bytes in hex.</param>
internal sealed record LedgerHead(string Ledger, long Seq, string Time, string Hash, string PublicKey, string Signature)
{
    /// <summary>The most bytes that <see cref="TryRead"/> is given.</summary>
    public const int MaxBytes = 4096;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>What is signed: <c>spamguard-ledger-head:v1:LEDGER:SEQ:TIME:HASH</c>.</summary>
    public string SignedText => TextOf(Ledger, Seq, Time, Hash);

    /// <summary>The text that is signed for an entry.</summary>
    public static string TextOf(string ledger, long seq, string time, string hash) =>
        string.Create(CultureInfo.InvariantCulture, $"spamguard-ledger-head:v1:{ledger}:{seq}:{time}:{hash}");

    /// <summary>Reads what <see cref="ToJson"/> made, and checks its signature.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="head">The head.</param>
    /// <param name="fault">Why it is none, to stand behind "found"; empty where it is one.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out LedgerHead? head, out string fault)
    {
        (head, fault) = (null, "no JSON object with ledger, seq, time, hash, public_key and signature");
        try
        {
            head = JsonSerializer.Deserialize<LedgerHead>(json, Json);
        }
        catch (JsonException)
        {
        }

        if (head is null)
        {
            return false;
        }

        fault = !LedgerHex.IsHash(head.Ledger) || !LedgerHex.IsHash(head.Hash) ? "a ledger or hash that is not 64 digits of hex in lower case"
            : head.Seq < 1 ? "a seq below 1"
            : !head.IsSigned() ? "a signature that is not its public_key's"
            : string.Empty;
        return fault.Length == 0;
    }

    /// <summary>Whether the signature is that of the key it names.</summary>
    public bool IsSigned() => LedgerKey.Verifies(PublicKey, SignedText, Signature);

    /// <summary>As an object with the members <c>ledger</c>, <c>seq</c>, <c>time</c>, <c>hash</c>, <c>public_key</c>, <c>signature</c>: the form in which heads are published and kept.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject();
}
