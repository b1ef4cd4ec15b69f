using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What the Dockerfile does, without an engine: its own commands on what it is given, in a folder of this machine.</summary>
internal static partial class ImageBuild
{
    /// <summary>What the image says of itself where nobody says otherwise.</summary>
    public const string Version = "0.1.0";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Restores and publishes as the Dockerfile does.</summary>
    /// <param name="folder">An empty folder, where the source is copied to.</param>
    /// <returns>What would be in the image's folder.</returns>
    public static async Task<string> PublishAsync(DirectoryInfo folder)
    {
        foreach (var path in Context())
        {
            var copy = Path.Combine(folder.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(RepositoryRoot.Folder, path), copy);
        }

        var published = Path.Combine(folder.FullName, "app");
        foreach (var command in (string[])[Command("dotnet restore"), Command("dotnet publish")])
        {
            // The analyzers write no code, and have had their say when the solution was built.
            KeyValuePair<string, string?>[] variables = [new("VERSION", Version), new("REVISION", ""), new("RunAnalyzers", "false"), new("MSBUILDDISABLENODEREUSE", "1")];
            await CommandRun.OutputOfAsync(["sh", "-c", command.Replace(" /app", $" '{published}'", StringComparison.Ordinal)], folder.FullName, variables, Limit);
        }

        return published;
    }

    // What goes to the engine: all that .dockerignore brings back, but for what a build wrote.
    private static IEnumerable<string> Context() =>
        File.ReadLines(Path.Combine(RepositoryRoot.Folder, ".dockerignore"))
            .Where(static line => line.StartsWith('!'))
            .Select(static line => Path.Combine(RepositoryRoot.Folder, line[1..]))
            .SelectMany(static path => File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(RepositoryRoot.Folder, path))
            .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj"));

    private static string Command(string start) => Assert.Single(
        Run().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "Dockerfile"))).Select(static match => match.Groups["command"].Value),
        command => command.StartsWith(start, StringComparison.Ordinal));

    [GeneratedRegex(@"^RUN (?<command>(.*\\\n)*.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Run();
}
