using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Rolling;

/// <summary>The server as it was at an earlier commit, built from this repository's history as its image is.</summary>
internal sealed class PreviousBuild : IDisposable
{
    // What the next one may find deployed; move it forward with each release. It is the first that ends a connection with a call: one of before it
    // closed them under calls, and of 6,000 one was lost.
    private const string Commit = "a274286";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-previous-");

    private PreviousBuild()
    {
    }

    /// <summary>Where its files are.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "published");

    /// <summary>Builds it.</summary>
    public static async Task<PreviousBuild> PublishAsync()
    {
        var build = new PreviousBuild();
        try
        {
            var source = build._folder.CreateSubdirectory("source").FullName;
            await CommandRun.OutputOfAsync(["git", "cat-file", "-e", Commit]); // a shallow clone has not got it
            await CommandRun.OutputOfAsync(["sh", "-c", "! git diff --quiet \"$0\" HEAD -- src protos", Commit]); // else one build would be tried beside itself
            await CommandRun.OutputOfAsync(["git", "archive", "--format=tar", "--output", $"{source}.tar", Commit]);
            await CommandRun.OutputOfAsync(["tar", "-x", "-f", $"{source}.tar"], source);
            await CommandRun.OutputOfAsync(
                ["dotnet", "publish", "src/SpamGuard.Server", "-c", "Release", "-p:EmbeddedStore=false", "-nodeReuse:false", "-v", "quiet", "-nologo", "-o", build.Path], source, limit: BuildLimit);
            return build;
        }
        catch
        {
            build.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
