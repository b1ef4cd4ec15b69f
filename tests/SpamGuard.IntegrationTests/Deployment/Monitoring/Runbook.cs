using System.Text.RegularExpressions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>What whoever is called reads: <c>k8s/RUNBOOK.md</c>.</summary>
internal static partial class Runbook
{
    /// <summary>All of it.</summary>
    public static string Text { get; } = Guide.Runbook.Text;

    /// <summary>Its sections, by heading, in their order.</summary>
    public static IReadOnlyList<(string Heading, string Text)> Sections { get; } =
        [.. Text.Split("\n## ")[1..].Select(static section => (section[..section.IndexOf('\n', StringComparison.Ordinal)], section))];

    /// <summary>The rows of its table: alert, severity and what it says.</summary>
    public static IReadOnlyList<string[]> Rows { get; } =
        [.. Row().Matches(Text).Select(static match => (string[])[match.Groups["alert"].Value, match.Groups["anchor"].Value, match.Groups["severity"].Value])];

    /// <summary>Every expression for Prometheus, a line each.</summary>
    public static IReadOnlyList<string> Expressions { get; } = Guide.Runbook.Lines("promql");

    /// <summary>Every line for a shell.</summary>
    public static IReadOnlyList<string> Commands { get; } = Guide.Runbook.Lines("sh");

    [GeneratedRegex(@"^\| \[(?<alert>\w+)\]\(#(?<anchor>\w+)\) \| (?<severity>\w+) \| [^|]+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
