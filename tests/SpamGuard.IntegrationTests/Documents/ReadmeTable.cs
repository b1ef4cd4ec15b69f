using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>The tables of the README.</summary>
internal static class ReadmeTable
{
    /// <summary>The rows of a section's tables, headings too, as cells.</summary>
    public static IEnumerable<string[]> Rows(string heading)
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "README.md"));
        var start = readme.IndexOf("\n" + heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, heading);
        return readme[start..readme.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal)].Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(static row => row.Split('|', StringSplitOptions.TrimEntries)[1..^1]);
    }

    /// <summary>The rows whose first cell is a name in code, without its quotes.</summary>
    public static IReadOnlyList<string[]> NamedRows(string heading) =>
        [.. Rows(heading).Where(static row => row[0].StartsWith('`')).Select(static row => (string[])[row[0].Trim('`'), .. row[1..]])];
}
