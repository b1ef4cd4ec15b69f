using System.Globalization;
using System.Security.Cryptography;
using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>Names one override: a random number, which tells nothing of whom it is about, and the class that its subject is kept under.</summary>
/// <param name="Class">A class that has epochs.</param>
/// <param name="Number">64 random bits.</param>
internal readonly record struct OverrideId(RetentionClass Class, ulong Number)
{
    /// <summary>Length of its text in characters.</summary>
    public const int TextSize = 17;

    /// <summary>A name that nothing has yet.</summary>
    public static OverrideId New(RetentionClass retention) => new(retention, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out OverrideId id)
    {
        id = default;
        if (text.Length != TextSize || !ulong.TryParse(text[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        foreach (var retention in RetentionClass.Salted)
        {
            if (retention.Letter == text[0])
            {
                id = new OverrideId(retention, number);
            }
        }

        return id.Class is not null;
    }

    /// <summary>The letter of the class and 16 hex digits, as in <c>a0123456789abcdef</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class.Letter}{Number:x16}");
}
