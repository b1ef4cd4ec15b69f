using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>What whoever is called reads: <c>k8s/RUNBOOK.md</c>.</summary>
internal static partial class Runbook
{
    /// <summary>All of it.</summary>
    public static string Text { get; } = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "RUNBOOK.md"));

    /// <summary>Its sections, by heading, in their order.</summary>
    public static IReadOnlyList<(string Heading, string Text)> Sections { get; } =
        [.. Text.Split("\n## ")[1..].Select(static section => (section[..section.IndexOf('\n', StringComparison.Ordinal)], section))];

    /// <summary>The rows of its table: alert, severity and what it says.</summary>
    public static IReadOnlyList<string[]> Rows { get; } =
        [.. Row().Matches(Text).Select(static match => (string[])[match.Groups["alert"].Value, match.Groups["anchor"].Value, match.Groups["severity"].Value])];

    /// <summary>Every expression for Prometheus, a line each.</summary>
    public static IReadOnlyList<string> Expressions { get; } = [.. Blocks("promql").SelectMany(static block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Every line for a shell.</summary>
    public static IReadOnlyList<string> Commands { get; } = [.. Blocks("sh").SelectMany(static block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<string> Blocks(string language) =>
        Block().Matches(Text).Where(match => match.Groups["language"].Value == language).Select(static match => match.Groups["text"].Value);

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\| \[(?<alert>\w+)\]\(#(?<anchor>\w+)\) \| (?<severity>\w+) \| [^|]+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
