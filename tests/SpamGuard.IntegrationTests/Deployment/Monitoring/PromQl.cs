using System.Text.RegularExpressions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Takes the names out of an expression. Whether it is one at all is promtool's to say.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Groupings = new(StringComparer.Ordinal) { "by", "without", "on", "ignoring", "group_left", "group_right" };
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal) { "and", "or", "unless", "offset", "bool", "inf", "nan" };

    /// <summary>The series that it asks for.</summary>
    public static IReadOnlyList<Selector> Selectors(string expression) =>
    [
        .. Parts(expression).Where(static part => part.Groups["name"].Success && !part.Groups["call"].Success && !Words.Contains(part.Groups["name"].Value) && !Groupings.Contains(part.Groups["name"].Value))
            .Select(static part => new Selector(part.Groups["name"].Value, [.. Matchers(part.Groups["labels"].Value)])),
    ];

    /// <summary>The labels by which it groups and joins.</summary>
    public static IReadOnlyList<string> Labels(string expression) =>
    [
        .. Parts(expression).Where(static part => Groupings.Contains(part.Groups["name"].Value))
            .SelectMany(static part => part.Groups["list"].Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)),
    ];

    private static MatchCollection Parts(string expression) => Part().Matches(expression);

    private static IEnumerable<Matcher> Matchers(string labels) =>
        Label().Matches(labels).Select(static match => new Matcher(match.Groups["label"].Value, match.Groups["operator"].Value, match.Groups["value"].Value));

    // A string, a range, a number or duration (all skipped), or a name with what belongs to it: its labels, a list of labels, or the sign that it is called.
    [GeneratedRegex(
        """
        "(?:[^"\\]|\\.)*" | \[[^\]]*\] | [0-9][0-9a-zA-Z.]* |
        (?<name>(?:by|without|on|ignoring|group_left|group_right)\b)\s*\((?<list>[^)]*)\) |
        (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:(?<call>\s*(?=\(|(?:by|without)\b))|\s*\{(?<labels>(?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    [GeneratedRegex(
        """
        (?<label>\w+)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>(?:[^"\\]|\\.)*)"
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Label();
}

/// <summary>What an expression asks for.</summary>
/// <param name="Metric">The name.</param>
/// <param name="Matchers">Of which series.</param>
internal sealed record Selector(string Metric, IReadOnlyList<Matcher> Matchers);

/// <summary>A condition on a label.</summary>
/// <param name="Label">Which.</param>
/// <param name="Operator"><c>=</c>, <c>!=</c>, <c>=~</c> or <c>!~</c>.</param>
/// <param name="Value">A value, or a pattern.</param>
internal sealed record Matcher(string Label, string Operator, string Value);
