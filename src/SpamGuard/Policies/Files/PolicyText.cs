using System.Buffers;
using System.Globalization;

namespace SpamGuard.Policies.Files;

/// <summary>Words of a policy file as messages show them: none that might be an address.</summary>
internal static class PolicyText
{
    private const int Longest = 40;

    private static readonly SearchValues<char> Harmless = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+. ~<");

    /// <summary>The text, where it is short and can't be an address.</summary>
    public static string Shown(string text) =>
        text.Length <= Longest && text.AsSpan().Count('.') < 3 && !text.AsSpan().ContainsAnyExcept(Harmless)
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"[{text.Length} characters]");

    /// <summary>A number as the file would hold it.</summary>
    public static string Of(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>Which of some names was probably meant, or <c>null</c> where none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> names) => name.Length > Longest ? null : names
        .Select(other => (Name: other, Distance: Distance(name, other)))
        .Where(other => other.Distance <= Math.Max(1, other.Name.Length / 2))
        .OrderBy(other => other.Distance)
        .Select(other => other.Name)
        .FirstOrDefault();

    // Levenshtein's: letters to insert, to delete or to change.
    private static int Distance(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var change = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1;
                row[j] = Math.Min(above[j - 1] + change, 1 + Math.Min(above[j], row[j - 1]));
            }

            above = row;
        }

        return above[^1];
    }
}
