using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AnyAscii;
using Google.Rpc;
using SpamGuard.Addresses;

namespace SpamGuard.Server.Grpc;

/// <summary>Looks at texts of callers that are written down for good: nothing may stand in one that the ledger must not hold. Names of people and authorities are beyond it.</summary>
internal static partial class WrittenText
{
    /// <summary>How long one may be, in bytes of UTF-8.</summary>
    public const int MostBytes = 512;

    private const int LeastOfKey = 16; // characters: what is left of the key is then 160 bits at most
    private const int LeastOfReference = 4; // letters and digits: fewer stand in other words too

    /// <summary>What is wrong with one; <c>null</c> where nothing is.</summary>
    public static BadRequest.Types.FieldViolation? Fault(string field, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            return DisclosureViolations.TooLong(field, MostBytes);
        }

        // First of these: an invisible character within an address would hide it from the next.
        if (text.EnumerateRunes().Any(IsUnseen))
        {
            return Violations.Of(field, $"{field.ToUpperInvariant()}_HOLDS_CONTROL", $"Write {field} in one line, without control and invisible characters.");
        }

        // As people read it: full-width, circled and other digits are digits. Once more without all that is not plain: some of that is invisible too, by no category of its own.
        if (AddressText.HoldsAddress(AsRead(text)) || AddressText.HoldsAddress(string.Concat(text.Where(char.IsAscii))))
        {
            return Violations.Of(
                field, $"{field.ToUpperInvariant()}_HOLDS_ADDRESS", $"Leave every IP address out of {field}, whole or in part of a longer word: it is written down.");
        }

        return TokenOrKey().IsMatch(text)
            ? Violations.Of(field, $"{field.ToUpperInvariant()}_HOLDS_TOKEN", $"Leave every token and key out of {field}, and words of 43 characters or more: it is written down.")
            : null;
    }

    /// <summary>Whether a text has a part of a key.</summary>
    public static bool HoldsKey(string text, string key)
    {
        var (plain, secret) = (Plain(text), Plain(key));
        return Enumerable.Range(0, Math.Max(0, secret.Length - LeastOfKey + 1))
            .Any(start => plain.AsSpan().Contains(secret.AsSpan(start, LeastOfKey), StringComparison.Ordinal));
    }

    /// <summary>Whether a text has a reference, however it is spaced.</summary>
    public static bool HoldsReference(string text, string reference) =>
        Plain(reference) is { Length: >= LeastOfReference } plain
            ? Plain(text).Contains(plain, StringComparison.Ordinal)
            : AsRead(reference).Trim() is { Length: > 0 } read && AsRead(text).Contains(read, StringComparison.OrdinalIgnoreCase);

    private static string Plain(string text) => string.Concat(AsRead(text).Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // Not by Normalize: without ICU, which the service runs without, that changes nothing. What is written down stays as it was sent.
    private static string AsRead(string text) => text.Transliterate();

    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // An order key has 43 characters, a decision token more, an id such as a UUID fewer.
    [GeneratedRegex("[A-Za-z0-9_-]{43}", RegexOptions.NonBacktracking)]
    private static partial Regex TokenOrKey();
}
