using System.Globalization;
using SpamGuard.Cli;
using SpamGuard.Cli.Doctor;
using SpamGuard.Tests.Architecture;

namespace SpamGuard.Tests.Cli;

/// <summary>The guide that the command line is packed with says what it can do.</summary>
public sealed class GuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Root, "src", "SpamGuard.Cli", "README.md"));

    [Fact]
    public void Verbs_InTheTable_AreThoseOfTheTree() =>
        Assert.Equal(VerbTree.Leaves.Keys.Order(StringComparer.Ordinal), Rows("## Verbs").Select(static row => row[0].Trim('`')).Order(StringComparer.Ordinal));

    [Fact]
    public void ExitCodes_InTheTable_AreThoseOfTheProgram() => Assert.Equal(
        ExitCodes.All.OrderBy(static code => code.Key).Select(static code => (code.Key, code.Value)),
        Rows("## Exit codes").Select(static row => (int.Parse(row[0], CultureInfo.InvariantCulture), row[1])));

    [Fact]
    public void Checks_InTheTable_AreThoseOfTheDoctor() => Assert.Equal(CheckNames.All, Rows("## doctor").Select(static row => row[0].Trim('`')));

    private static IEnumerable<string[]> Rows(string heading)
    {
        var start = Guide.IndexOf("\n" + heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, heading);
        return Guide[start..Guide.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal)].Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(2).Select(static row => row.Split('|', StringSplitOptions.TrimEntries)[1..^1]);
    }
}
