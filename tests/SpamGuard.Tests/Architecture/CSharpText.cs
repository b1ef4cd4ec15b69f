using System.Text.RegularExpressions;

namespace SpamGuard.Tests.Architecture;

/// <summary>As much of C# as the checks need: code without comments and literals, and the types that a file declares.</summary>
internal static partial class CSharpText
{
    /// <summary>
    /// The text without comments, character literals and plain strings. Interpolated strings stay, for they hold code:
    /// a word too many is a question at review, a word too few is a hole.
    /// </summary>
    public static string Code(string text) =>
        CommentOrLiteral().Replace(text, match => match.Groups["keep"].Success ? match.Value : " ");

    public static IReadOnlyList<DeclaredType> Types(string code) =>
    [
        .. TypeDeclaration().Matches(code).Select(match => new DeclaredType(
            match.Groups["name"].Value,
            IsClass: match.Groups["kind"].Value is "class" or "record" or "record class",
            IsClosed: ClosingModifier().IsMatch(match.Groups["modifiers"].Value))),
    ];

    [GeneratedRegex(
        """
        (?<keep>\$+@?\$*"{3,}[\s\S]*?"{3,}|\$@?"(?:[^"\\\n]|\\.|"")*"|@\$"(?:[^"]|"")*")
        | //[^\n]* | /\*[\s\S]*?\*/
        | "{3,}[\s\S]*?"{3,} | @"(?:[^"]|"")*" | "(?:[^"\\\n]|\\.)*"
        | '(?:[^'\\\n]|\\.)+'
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex CommentOrLiteral();

    [GeneratedRegex(
        @"(?<modifiers>(?:\b(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe|new)\s+)*)"
        + @"\b(?<kind>class|record\s+struct|record\s+class|record|struct|interface|enum|delegate(?=\s+[\w<>\[\],.?\s]+\())\s+"
        + @"(?:(?<=delegate\s+)[\w<>\[\],.?]+\s+)?(?<name>[A-Z]\w*)(?=\s*[<({:;\s])",
        RegexOptions.ExplicitCapture)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\b(sealed|static)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex ClosingModifier();
}
