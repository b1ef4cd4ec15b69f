using System.Diagnostics;
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
            await RunAsync(RepositoryRoot.Folder, "sh", "-c", "! git diff --quiet \"$0\" HEAD -- src protos", Commit); // else one build would be tried beside itself
            await RunAsync(RepositoryRoot.Folder, "sh", "-c", "git archive --format=tar \"$0\" >\"$1\"", Commit, $"{source}.tar");
            await RunAsync(source, "tar", "-x", "-f", $"{source}.tar");
            await RunAsync(source, "dotnet", "publish", "src/SpamGuard.Server", "-c", "Release", "-p:EmbeddedStore=false", "-nodeReuse:false", "-v", "quiet", "-nologo", "-o", build.Path);
            return build;
        }
        catch
        {
            build.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().TimeoutAfter(BuildLimit);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode} (a shallow clone has no commit {Commit}):\n{await output}\n{await error}");
    }
}
