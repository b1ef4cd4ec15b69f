using System.Text.RegularExpressions;

namespace SpamGuard.Tests.Architecture;

/// <summary>
/// A banned member stops the build. The compiler enforces it; these tests see to it that nobody turns the compiler's eye away:
/// the severity, the list and the one folder where an address may be text.
/// </summary>
public sealed partial class BannedSymbolsTests
{
    private const string Rule = "dotnet_diagnostic.RS0030.severity";
    private static readonly string[] MayRelax = [];

    [Fact]
    public void EditorConfig_AsItIs_MakesABannedMemberAnError() => Assert.Empty(Relaxed(Repository.Read(".editorconfig")));

    [Fact]
    public void EditorConfig_NextToTheCode_DoesNotExist() =>
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), ".editorconfig", SearchOption.AllDirectories));

    [Fact]
    public void Source_AsItIs_SuppressesNoBannedMember() => Assert.Empty(Suppressed(Repository.CSharp("src")));

    [Theory]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32)")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan)")]
    [InlineData("M:System.Net.IPAddress.ToString")]
    [InlineData("P:System.Random.Shared")]
    public void BannedSymbols_Member_IsListedWithWhatToUseInstead(string member) =>
        Assert.Matches($@"(?m)^{Regex.Escape(member)};\S", Repository.Read("src/BannedSymbols.txt"));

    [Fact]
    public void BuildProps_AsTheyAre_HandTheListToTheAnalyzer()
    {
        var props = Repository.Read("Directory.Build.props");

        Assert.Contains("<PackageReference Include=\"Microsoft.CodeAnalysis.BannedApiAnalyzers\"", props, StringComparison.Ordinal);
        Assert.Contains("src/BannedSymbols.txt", props, StringComparison.Ordinal);
        Assert.DoesNotContain("RS0030", props, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[*.cs]\ndotnet_diagnostic.RS0030.severity = warning\n", "*.cs: warning")]
    [InlineData("[*.cs]\nindent_size = 4\n", "*.cs: not set")]
    [InlineData("[*.cs]\ndotnet_diagnostic.RS0030.severity = error\n[src/**.cs]\ndotnet_diagnostic.RS0030.severity = none\n", "src/**.cs: none")]
    public void Relaxed_PlantedSection_IsReported(string editorConfig, string expected) => Assert.Equal([expected], Relaxed(editorConfig));

    [Theory]
    [InlineData("#pragma warning disable RS0030\n")]
    [InlineData("[SuppressMessage(\"ApiDesign\", \"RS0030\")] class C { }")]
    public void Suppressed_PlantedSuppression_IsReported(string text) =>
        Assert.Equal(["src/C.cs"], Suppressed([new("src/C.cs", text)]));

    private static IReadOnlyList<string> Suppressed(IEnumerable<SourceFile> files) =>
        [.. files.Where(file => file.Text.Contains("RS0030", StringComparison.Ordinal)).Select(file => file.Path)];

    private static IReadOnlyList<string> Relaxed(string editorConfig)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal) { ["*.cs"] = "not set" };
        var section = string.Empty;
        foreach (var line in editorConfig.Split('\n').Select(line => line.Trim()))
        {
            if (SectionHeader().Match(line) is { Success: true } header)
            {
                section = header.Groups["glob"].Value;
            }
            else if (line.StartsWith(Rule, StringComparison.Ordinal))
            {
                set[section] = line.Split('=')[1].Trim();
            }
        }

        return [.. set.Where(pair => pair.Value != "error" && !MayRelax.Contains(pair.Key)).Select(pair => $"{pair.Key}: {pair.Value}")];
    }

    [GeneratedRegex(@"^\[(?<glob>.+)\]$", RegexOptions.ExplicitCapture)]
    private static partial Regex SectionHeader();
}
