using System.Globalization;

namespace SpamGuard;

/// <summary>A key of the configuration and what it may hold.</summary>
/// <param name="Key">The whole key, such as <c>Signals:Budget</c>.</param>
/// <param name="Allowed">What is allowed, to stand behind "allowed are ".</param>
/// <param name="Accepts">Whether a text can be read; its range is the business of the options' own rules.</param>
internal sealed record Setting(string Key, string Allowed, Predicate<string> Accepts)
{
    /// <summary>Any text.</summary>
    public static Setting Text(string key) => new(key, "texts", static _ => true);

    /// <summary>A switch.</summary>
    public static Setting Flag(string key) => new(key, "true, false", static text => bool.TryParse(text, out _));

    /// <summary>A whole number.</summary>
    public static Setting Number(string key, string allowed) =>
        new(key, allowed, static text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _));

    /// <summary>A number that need not be whole.</summary>
    public static Setting Fraction(string key, string allowed) =>
        new(key, allowed, static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    /// <summary>A duration.</summary>
    public static Setting Duration(string key, TimeSpan from, TimeSpan to) =>
        new(key, $"{Short(from)} to {Short(to)}", static text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _));

    /// <summary>One of some names, in upper or lower case.</summary>
    public static Setting Choice<TEnum>(string key)
        where TEnum : struct, Enum
    {
        var names = Enum.GetNames<TEnum>();
        return new(key, string.Join(", ", names).ToLowerInvariant(), text => names.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase));
    }

    private static string Short(TimeSpan duration) => duration.ToString(duration.Milliseconds == 0 ? "c" : @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
}
