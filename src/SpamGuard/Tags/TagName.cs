using System.Buffers;

namespace SpamGuard.Tags;

/// <summary>Names of tags, and names of files that may stand in a message.</summary>
internal static class TagName
{
    /// <summary>What a name may be, to stand behind "allowed are ".</summary>
    public const string Allowed = "names of 1 to 32 characters a-z, 0-9 and _ that begin with a letter";

    private static readonly SearchValues<char> OfAName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> Harmless = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_- ");

    /// <summary>Whether a text is the name of a tag.</summary>
    public static bool IsOne(string text) => text.Length is > 0 and <= 32 && char.IsAsciiLetter(text[0]) && !text.AsSpan().ContainsAnyExcept(OfAName);

    /// <summary>A text that comes from outside, or that it is withheld where it might hold an address.</summary>
    public static string Shown(string text)
    {
        var stem = Path.GetFileNameWithoutExtension(text.AsSpan());
        var isHarmless = text.Length <= 64 && stem.Length > 0 && char.IsAsciiLetter(stem[0])
            && !stem.ContainsAnyExcept(Harmless) && (stem.Length == text.Length || TagFiles.IsOne(text));
        return isHarmless ? text : "[name withheld]";
    }
}
