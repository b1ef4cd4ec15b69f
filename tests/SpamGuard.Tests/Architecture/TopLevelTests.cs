namespace SpamGuard.Tests.Architecture;

/// <summary>A newcomer reads the root folder first: it names the parts of the design and what every repository has, and no more.</summary>
public sealed class TopLevelTests
{
    private static readonly HashSet<string> Expected = new(StringComparer.Ordinal)
    {
        "src/", "protos/", "tests/", "k8s/", "SpamGuard.sln", "Dockerfile",
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "PRIVACY.md", "LICENSE",
        "Directory.Build.props", "Directory.Packages.props", "global.json", "buf.yaml", "compose.yaml",
        ".ci/", ".github/", ".dockerignore", ".editorconfig", ".gitattributes", ".gitignore",
    };

    [Fact]
    public void Root_AsItIs_HoldsOnlyWhatTheDesignNames() =>
        Assert.Empty(Unexpected(Repository.TopLevelEntries(), Repository.Read(".gitignore")));

    [Fact]
    public void Unexpected_FolderOfNoDomain_IsReported() =>
        Assert.Equal(["scripts/"], Unexpected(["src/", "scripts/", ".git/", "bin/"], "bin/\n"));

    [Fact]
    public void Unexpected_FileNobodyExpects_IsReported() =>
        Assert.Equal(["notes.txt"], Unexpected(["README.md", "notes.txt", "mine.user"], "*.user\n"));

    private static IReadOnlyList<string> Unexpected(IEnumerable<string> entries, string gitIgnore)
    {
        // .git is a file in a linked work tree and a folder elsewhere.
        var ignored = gitIgnore.Split('\n', StringSplitOptions.RemoveEmptyEntries).Append(".git").Append(".git/").ToList();
        return
        [
            .. entries.Where(entry => !Expected.Contains(entry) && !ignored.Exists(pattern =>
                pattern.StartsWith('*') ? entry.EndsWith(pattern[1..], StringComparison.Ordinal) : entry == pattern)),
        ];
    }
}
