using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>An operator copies settings from the page and mounts the files of users that it names, so they must be those that the tests run against.</summary>
public sealed partial class RedisPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "README.md"));

    public static TheoryData<string> Files => [.. Names];

    private static IEnumerable<string> Names => Directory.GetFiles(RedisUsers.Folder).Select(static file => Path.GetFileName(file));

    [Fact]
    public void Page_FilesOfUsers_AreThoseThatAreThere()
    {
        var named = Link().Matches(Page).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

        Assert.Equal(Names.Order(StringComparer.Ordinal), named);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_EveryUser_IsOnThePageAndHasAPlaceForItsPassword(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(RedisUsers.Folder, file));

        Assert.Equal("user default off", lines[0]);
        Assert.All(lines[1..], line =>
        {
            var user = line.Split(' ')[1];
            Assert.StartsWith($"user {user} on #SHA256_OF_{user.ToUpperInvariant()}_PASSWORD ", line, StringComparison.Ordinal);
            Assert.Contains($"| `{user}` |", Page, StringComparison.Ordinal);
            Assert.Contains(" -@all ", line, StringComparison.Ordinal);
            Assert.DoesNotContain("+@", line, StringComparison.Ordinal);
        });
    }

    // A place that is left keeps Redis from its start.
    [Theory]
    [MemberData(nameof(Files))]
    public void Commands_OfThePage_GiveEveryUserOfAFileThePasswordThatTheyMade(string file)
    {
        var forSentinels = file == RedisUsers.Sentinels;
        using var made = new PageSecrets(commands =>
        {
            var chosen = commands.Replace($"redis/{RedisUsers.Standalone} users.acl", $"redis/{(forSentinels ? RedisUsers.Sentinel : file)} users.acl", StringComparison.Ordinal);
            return forSentinels ? chosen.Replace("# cp ", "cp ", StringComparison.Ordinal) : chosen;
        });

        var users = File.ReadAllLines(made.PathOf(forSentinels ? file : "users.acl"))[1..];

        Assert.Equal(File.ReadLines(Path.Combine(RedisUsers.Folder, file)).Count() - 1, users.Length);
        Assert.All(users, line =>
        {
            var user = line.Split(' ')[1];
            Assert.StartsWith($"user {user} on #{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(made.PathOf($"{user}.password"))))} ", line, StringComparison.Ordinal);
            Assert.DoesNotContain("SHA256_OF_", line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Page_Settings_AreThoseOfTheTests()
    {
        var lines = Page.Split('\n');

        Assert.All(
            RedisSettings.Arguments("/etc/redis/users.acl").Chunk(2),
            setting => Assert.Contains($"{setting[0][2..]} {(setting[1].Length == 0 ? "\"\"" : setting[1])}", lines));
    }

    [GeneratedRegex(@"\(redis/([a-z]+\.acl)\)")]
    private static partial Regex Link();
}
