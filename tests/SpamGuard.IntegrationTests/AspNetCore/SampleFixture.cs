using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>The sample's own program, as a developer starts it, and the server that it asks.</summary>
public sealed class SampleFixture : IAsyncLifetime
{
    private readonly TestAddressFixture _server = new();
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("spamguard-sample-"); // its keys go there
    private WebProgram? _program;

    internal WebProgram Program => _program ?? throw new InvalidOperationException("The sample is not started.");

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();

        // .../tests/SpamGuard.IntegrationTests/bin/Release/net10.0/ has the same end as that of the sample
        var built = Path.GetRelativePath(Path.Combine(RepositoryRoot.Folder, "tests", "SpamGuard.IntegrationTests"), AppContext.BaseDirectory);
        _program = await WebProgram.StartAsync(
            Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.Sample.SignUp", built, "SpamGuard.Sample.SignUp.dll"),
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["HOME"] = _home.FullName,
                ["SpamGuard__Address"] = _server.Url(Listener.Grpc),
                ["SpamGuard__Timeout"] = "00:00:10", // a busy machine keeps it
                ["SpamGuard__ReportTimeout"] = "00:00:10",
            });
    }

    public async Task DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        await _server.DisposeAsync();
        _home.Delete(recursive: true);
    }
}
