using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>A page that somebody follows to the letter: of <c>k8s/</c>, <c>protos/</c>, or of an example.</summary>
internal sealed partial class Guide
{
    private Guide(string name, string folder = "k8s")
    {
        Name = name;
        Text = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, folder, name));
        Spans = [.. Span().Matches(Block().Replace(Text, "")).Select(static match => match.Groups["code"].Value)];
    }

    public static Guide Readme { get; } = new("README.md");

    public static Guide Operations { get; } = new("OPERATIONS.md");

    public static Guide Runbook { get; } = new("RUNBOOK.md");

    /// <summary>The page on calling, of <c>protos/</c>.</summary>
    public static Guide Calling { get; } = new("README.md", "protos");

    public static IReadOnlyList<Guide> All { get; } = [Readme, Operations, Runbook];

    /// <summary>The name of its file.</summary>
    public string Name { get; }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>What stands as code within its lines.</summary>
    public IReadOnlyList<string> Spans { get; }

    /// <summary>For a theory: the name of each.</summary>
    public static TheoryData<string> Names => [.. All.Select(static guide => guide.Name)];

    /// <summary>The page of an example of <c>protos/examples</c>.</summary>
    public static Guide OfExample(string example) => new("README.md", Path.Combine("protos", "examples", example));

    public static Guide Of(string name) => All.Single(guide => guide.Name == name);

    /// <summary>Its blocks of code in a language, in their order.</summary>
    /// <param name="language">As it stands behind the backticks.</param>
    /// <param name="heading">Of the section whose blocks are asked for, up to the next heading of whatever level; <c>null</c> for all.</param>
    public IReadOnlyList<string> Blocks(string language, string? heading = null)
    {
        var text = heading is null ? Text : NextHeading().Split(Text[Text.IndexOf($"\n{heading}\n", StringComparison.Ordinal)..].TrimStart('\n'))[1];
        return [.. Block().Matches(text).Where(match => match.Groups["language"].Value == language).Select(static match => match.Groups["text"].Value)];
    }

    /// <summary>Every line of its blocks in a language.</summary>
    public IReadOnlyList<string> Lines(string language) => [.. Blocks(language).SelectMany(static block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex("`(?<code>[^`\n]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    [GeneratedRegex("^##+ .*\n", RegexOptions.Multiline)]
    private static partial Regex NextHeading();
}
