using System.Security.Cryptography;
using Grpc.Net.Client;
using SpamGuard.Epochs;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What a deployment gives a process that scores: certificates, callers and a pepper as files that the image's user may read, and a Redis that speaks TLS.</summary>
internal sealed class MountedSecrets : IDisposable
{
    private const string Identity = "spiffe://example.org/tests";
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Open = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TestCallers _callers = new($"callers: {{tests: {{identities: [{Identity}], roles: [scorer]}}}}\n");
    private readonly RedisTlsFixture _redis;

    public MountedSecrets(RedisTlsFixture redis)
    {
        _redis = redis;
        File.WriteAllBytes(PepperPath, RandomNumberGenerator.GetBytes(PepperRing.PepperSize));
        if (OperatingSystem.IsWindows())
        {
            return; // where every user may read them
        }

        foreach (var folder in Folders.Select(static path => new DirectoryInfo(path)))
        {
            folder.UnixFileMode = Open;
            foreach (var entry in folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
            {
                entry.UnixFileMode = entry is DirectoryInfo ? Open : Readable;
            }
        }
    }

    /// <summary>The folders of all these files.</summary>
    public IReadOnlyList<string> Folders => [_callers.Authority.Folder, _redis.Authority.Folder];

    /// <summary>Environment variables that name them.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Variables =>
        _callers.Settings.Concat(_redis.Settings())
            .Append(new("ConnectionStrings:Signals", _redis.ConnectionString(RedisAccount.Scorer)))
            .Append(new("Pepper:Path", PepperPath))
            .Append(new("Signals:Budget", "00:00:00.200")) // beside a test run
            .Select(static pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value));

    private string PepperPath => Path.Combine(_callers.Authority.Folder, "pepper");

    /// <summary>A channel of a caller who may score.</summary>
    public GrpcChannel Channel(int port) => _callers.Channel(FormattableString.Invariant($"https://127.0.0.1:{port}"), _callers.Client(Identity));

    public void Dispose() => _callers.Dispose();
}
