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
    private const string Dots = "·‧•･・∙⋅◦●⦁⸱⸳ꞏᐧꓸ"; // that the library takes for other signs

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

        // Once as it is read and once more without what is no part of any writing: an address with a star in it is one all the same.
        if (AddressText.HoldsAddress(AsRead(text)) || AddressText.HoldsAddress(WithoutSymbols(text)))
        {
            return Violations.Of(
                field, $"{field.ToUpperInvariant()}_HOLDS_ADDRESS", $"Leave every IP address out of {field}, whole or in part of a longer word: it is written down.");
        }

        return TokenOrKey().IsMatch(OneForOne(text))
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

    /// <summary>Whether a text has a reference, however it is spaced: as it was sent, or as it is read, which may be nothing.</summary>
    public static bool HoldsReference(string text, string reference) =>
        Has(Spaceless(text), Spaceless(reference))
        || (Plain(reference) is { Length: >= LeastOfReference } plain ? Has(Plain(text), plain) : Has(Spaceless(AsRead(text)), Spaceless(AsRead(reference))));

    private static bool Has(string text, string part) => part.Length > 0 && text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static string Spaceless(string text) => string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));

    private static string Plain(string text) => string.Concat(AsRead(text).Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // As people read it: full-width, circled and other digits are digits. What is written down stays as it was sent.
    private static string AsRead(string text) => string.Concat(text.EnumerateRunes().Select(AsRead));

    // Not by Normalize: without ICU, which the service runs without, that changes nothing. Of emoji the library gives the names, such as :bee:, which nobody reads.
    private static string AsRead(Rune rune)
    {
        var sign = rune.ToString();
        return Dots.Contains(sign, StringComparison.Ordinal) ? "." : sign.Transliterate() is var read && read is [':', _, _, ..] ? " " : read;
    }

    // What separates words in other writings separates here too: of a list of four points, or of two dates, are made no four numbers.
    private static string WithoutSymbols(string text) => string.Concat(text.EnumerateRunes().Where(static rune => rune.IsAscii || !IsSymbol(rune)).Select(AsRead));

    private static bool IsSymbol(Rune rune) =>
        !Dots.Contains(rune.ToString(), StringComparison.Ordinal)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.CurrencySymbol;

    // No sign becomes several, and none of a script without capitals a letter: there a word may be a sentence, and is no token.
    private static string OneForOne(string text) => string.Concat(text.EnumerateRunes().Select(
        static rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherLetter ? " " : string.Concat(AsRead(rune).Take(1))));

    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // An order key has 43 characters, a decision token more, an id such as a UUID fewer.
    [GeneratedRegex("[A-Za-z0-9_-]{43}", RegexOptions.NonBacktracking)]
    private static partial Regex TokenOrKey();
}
