using System.Text.RegularExpressions;
using SpamGuard.IntegrationTests.Deployment;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>Whoever follows a link of a page gets to what it promises.</summary>
public sealed partial class PageLinkTests
{
    public static TheoryData<string> Guides => [.. Pages.All];

    [Theory]
    [MemberData(nameof(Guides))]
    public void Links_OfAPage_LeadToAFileAndAHeading(string name)
    {
        Assert.All(Link().Matches(Pages.Text(name)), link =>
        {
            var path = Path.Combine(RepositoryRoot.Folder, Path.GetDirectoryName(name)!, link.Groups["path"].Length > 0 ? link.Groups["path"].Value : Path.GetFileName(name));
            Assert.True(Path.Exists(path), link.Value);
            if (link.Groups["anchor"].Success)
            {
                var anchors = Heading().Matches(File.ReadAllText(path)).Select(static heading => Punctuation().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));
                Assert.True(anchors.Contains(link.Groups["anchor"].Value, StringComparer.Ordinal), link.Value);
            }
        });
    }

    [Fact]
    public void Checks_OfTheTable_AreTestsThatAreThere()
    {
        var named = Guide.Operations.Spans.Where(static span => span.EndsWith("Tests", StringComparison.Ordinal)).ToList();

        Assert.True(named.Count > 10, string.Join(", ", named));
        Assert.Empty(named.Except(typeof(PageLinkTests).Assembly.GetTypes().Select(static type => type.Name), StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\]\((?!https://)(?<path>[^)#]*)(#(?<anchor>[^)]+))?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\s-]")]
    private static partial Regex Punctuation();
}
