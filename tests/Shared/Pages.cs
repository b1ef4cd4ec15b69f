namespace SpamGuard.Testing;

/// <summary>The pages of the repository that people read, and the sections of them that tests hold against the code.</summary>
internal static class Pages
{
    /// <summary>All of them, as paths from the root of the repository with <c>/</c>. What is built or fetched is none of ours.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. ((string[])["", "protos", "k8s", "src"]).SelectMany(static folder => Directory.EnumerateFiles(
                Path.Combine(RepositoryRoot.Folder, folder), "*.md", folder.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(RepositoryRoot.Folder, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A page's text.</summary>
    public static string Text(string page) => File.ReadAllText(Path.Combine(RepositoryRoot.Folder, page));

    /// <summary>A section, from its heading to the next of its level, of whichever page has it; the service's pages go before those of packages.</summary>
    /// <param name="heading">With its marks, as in <c>## Metrics</c>.</param>
    /// <exception cref="InvalidOperationException">No page has it, or several have.</exception>
    public static string Section(string heading)
    {
        var having = All.Where(page => $"\n{Text(page)}".Contains($"\n{heading}\n", StringComparison.Ordinal)).ToList();
        var text = "\n" + Text(having.Count == 1 ? having[0] : having.Single(static page => !page.StartsWith("src/", StringComparison.Ordinal)));
        var start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal) + 1;
        var end = text.IndexOf($"\n{heading[..heading.IndexOf(' ', StringComparison.Ordinal)]} ", start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    /// <summary>The rows of a section's tables, headings too, as cells.</summary>
    public static IEnumerable<string[]> Rows(string heading) =>
        Section(heading).Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Select(static row => row.Split('|', StringSplitOptions.TrimEntries)[1..^1]);

    /// <summary>The rows whose first cell is a name in code, without its quotes.</summary>
    public static IReadOnlyList<string[]> NamedRows(string heading) =>
        [.. Rows(heading).Where(static row => row[0].StartsWith('`')).Select(static row => (string[])[row[0].Trim('`'), .. row[1..]])];
}
