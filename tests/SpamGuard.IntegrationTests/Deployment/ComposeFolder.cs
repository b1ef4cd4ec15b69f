using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>A copy of what <c>compose.yaml</c> uses, in a folder of its own, with ports that are free and images that are here.</summary>
internal sealed class ComposeFolder : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string[] PortNames =
        ["SPAMGUARD_GRPC_PORT", "SPAMGUARD_HTTP_PORT", "SPAMGUARD_DESK_GRPC_PORT", "SPAMGUARD_DESK_HTTP_PORT", "SPAMGUARD_TRANSPARENCY_PORT", "PROMETHEUS_PORT"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-compose-");
    private readonly Dictionary<string, string?> _variables;

    public ComposeFolder(params IEnumerable<KeyValuePair<string, string?>> images)
    {
        Tool.Run(RepositoryRoot.Folder, "sh", "-c", $"tar --exclude=secrets --exclude=.env -c compose.yaml k8s | tar -x -C '{_folder.FullName}'");
        _variables = new(images, StringComparer.Ordinal);
        foreach (var (name, port) in PortNames.Zip(FreePorts.Take(PortNames.Length)))
        {
            _variables.Add(name, FormattableString.Invariant($"{port}"));
        }
    }

    /// <summary>Where it is.</summary>
    public string Path => _folder.FullName;

    /// <summary>The port that stands for one of the file's.</summary>
    public string Port(string name) => _variables[name]!;

    /// <summary>Runs lines of a shell in it.</summary>
    public Task<CommandRun> RunAsync(string lines) => CommandRun.OfAsync(["bash", "-euc", lines], _folder.FullName, _variables, Limit);

    /// <summary>The same, and what they wrote; all of it is the message where one failed.</summary>
    public Task<string> OutputOfAsync(string lines) => CommandRun.OutputOfAsync(["bash", "-euc", lines], _folder.FullName, _variables, Limit);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(System.IO.Path.Combine(Path, ".env")) && await DockerProbe.AnswersAsync())
        {
            await OutputOfAsync("docker-compose down --timeout 5 --volumes");
        }

        _folder.Delete(recursive: true);
    }
}
