using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What the commands of <c>k8s/README.md</c> make for production, run as they stand there with a kubectl that keeps what it is given.</summary>
internal sealed class PageSecrets : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-secrets-");

    /// <param name="change">What a person changes in the commands before; <c>null</c> for nothing.</param>
    /// <exception cref="InvalidOperationException">A command failed.</exception>
    public PageSecrets(Func<string, string>? change = null)
    {
        var commands = Assert.Single(Guide.Readme.Blocks("sh"), static block => block.Contains("create secret generic", StringComparison.Ordinal));
        var overlay = Path.Combine(_folder.FullName, "overlays", "production");
        Directory.CreateDirectory(overlay);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "redis"), RedisUsers.Folder);
        Tool.Run(overlay, "bash", "-euc",
            $$"""
            kubectl() { if [ "${4:-}" = secret ]; then mkdir -p "{{Kept}}/$6"; for file in "${@:7}"; do cp "${file#--from-file=}" "{{Kept}}/$6/"; done; fi; }
            {{change?.Invoke(commands) ?? commands}}
            """);
    }

    /// <summary>The folder with a folder for each Secret.</summary>
    public string Kept => Path.Combine(_folder.FullName, "kept");

    /// <summary>Where a file is that is left in the folder <c>secrets</c>.</summary>
    public string PathOf(string file) => Path.Combine(_folder.FullName, "overlays", "production", "secrets", file);

    public void Dispose() => _folder.Delete(recursive: true);
}
