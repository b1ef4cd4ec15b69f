using Microsoft.AspNetCore.Builder;
using SpamGuard.Server;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>Settings that are secrets come from files, so that no environment holds them.</summary>
public sealed class SecretsFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-secrets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Folder_MountedAsASecret_IsTakenWithoutTheLineBreakAtItsEndAndOverTheEnvironment()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "..first"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "..first", "ConnectionStrings__Signals"), "127.0.0.1:2,user=scorer,password=hunter2\n");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "ConnectionStrings__Signals"), Path.Combine("..data", "ConnectionStrings__Signals"));
        ProjectedVolume.Turn(_folder.FullName, "..first");

        await using var app = await BuildAsync(_folder.FullName, ("ConnectionStrings:Signals", "127.0.0.1:1"));

        Assert.Equal("127.0.0.1:2,user=scorer,password=hunter2", app.Configuration["ConnectionStrings:Signals"]);
        Assert.Null(app.Configuration["..data"]);
    }

    [Fact]
    public async Task Folder_ThatIsNotThere_IsRefused()
    {
        var path = Path.Combine(_folder.FullName, "none");
        Assert.Equal(
            $"Secrets:Path: found '{path}', which is no folder; allowed is a folder of files, each a setting that is named as an environment variable is.",
            (await Assert.ThrowsAsync<StartRefusedException>(() => BuildAsync(path))).Message);
    }

    [Fact]
    public async Task Folder_WithASettingThatIsNone_IsRefusedWithoutItsValue()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Signals__Password"), "hunter2");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => BuildAsync(_folder.FullName));

        Assert.True(StartFaults.TryDescribe(refused, out var faults));
        Assert.StartsWith("Signals:Password: is no setting; allowed are ", Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", faults[0], StringComparison.Ordinal);
    }

    private static Task<WebApplication> BuildAsync(string path, params IEnumerable<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration[SecretsOptions.PathKey] = path;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        return SpamGuardServer.BuildAsync(builder);
    }
}
