using System.Text.RegularExpressions;
using SpamGuard.Storage;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>The retention table that a data-protection officer takes over is that of the code.</summary>
public sealed partial class PrivacyPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "PRIVACY.md"));

    [Fact]
    public void Kinds_InTheTable_AreThoseThatAreWritten() =>
        Assert.Equal(Keys.Kinds.Select(kind => kind.Letter).Order(), Rows().Select(row => row.Letter).Order());

    [Fact]
    public void Ends_InTheTable_AreTheCaps()
    {
        foreach (var (letter, end) in Rows().Where(row => row.Letter != 'e'))
        {
            var cap = TimeSpan.FromSeconds(Keys.Kinds.Single(kind => kind.Letter == letter).CapSeconds);
            Assert.StartsWith(cap < TimeSpan.FromDays(1) ? $"{cap.TotalSeconds} seconds" : $"{cap.TotalDays} days", end, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(char Letter, string End)> Rows() =>
        Row().Matches(Page).SelectMany(row => Kind().Matches(row.Groups["keys"].Value).Select(kind => (kind.Groups["letter"].Value[0], row.Groups["end"].Value)));

    [GeneratedRegex(@"^\| [^|]+ \| (?<keys>`sg:[^|]+) \| [^|]+ \| (?<end>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`sg:(?<letter>[a-z]):`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Kind();
}
