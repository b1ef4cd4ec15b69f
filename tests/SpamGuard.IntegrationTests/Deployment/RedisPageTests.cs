using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>An operator copies the users and settings from the page, so they must be those that the tests run against.</summary>
public sealed partial class RedisPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "README.md"));

    [Fact]
    public void Page_Users_AreThoseOfTheTests()
    {
        var tested = File.ReadLines(RedisSettings.AclFile)
            .Where(line => !line.StartsWith("user admin ", StringComparison.Ordinal))
            .Select(line => Password().Replace(line, ">PASSWORD"));

        Assert.Equal(tested, Page.Split('\n').Where(line => line.StartsWith("user ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Page_Settings_AreThoseOfTheTests()
    {
        var lines = Page.Split('\n');

        Assert.All(
            RedisSettings.Arguments("/etc/redis/users.acl").Chunk(2),
            setting => Assert.Contains($"{setting[0][2..]} {(setting[1].Length == 0 ? "\"\"" : setting[1])}", lines));
    }

    [GeneratedRegex(@">\S+")]
    private static partial Regex Password();
}
