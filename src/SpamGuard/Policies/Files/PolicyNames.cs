using System.Text.RegularExpressions;

namespace SpamGuard.Policies.Files;

/// <summary>Names that whoever writes the file chooses.</summary>
/// <param name="Pattern">A regular expression that is read alike by .NET and by JSON Schema.</param>
/// <param name="Allowed">The same in words, to stand behind "allowed are ".</param>
internal sealed record PolicyNames(string Pattern, string Allowed)
{
    /// <summary>Stands in a path for such a name.</summary>
    public const string Any = "*";

    /// <summary>What names of tags are.</summary>
    public const string AllowedTags = "names of 1 to 32 characters a-z, 0-9 and _ that begin with a letter";

    /// <summary>Names of tags.</summary>
    public static readonly PolicyNames Tags = new("^[a-z][a-z0-9_]{0,31}$", AllowedTags);

    /// <summary>Names of callers.</summary>
    public static readonly PolicyNames Callers = new("^[!-}]{1,128}$", "names of 1 to 128 characters of ASCII, without spaces and ~");

    private readonly Regex _regex = new(Pattern.Replace("$", @"\z", StringComparison.Ordinal), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>Whether a text is such a name.</summary>
    public bool Fits(string text) => _regex.IsMatch(text);
}
