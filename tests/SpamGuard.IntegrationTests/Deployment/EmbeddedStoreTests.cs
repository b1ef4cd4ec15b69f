using System.Text.Json;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The image must not carry the embedded store: its weight, and its packages' faults, are a laptop's business.</summary>
public sealed class EmbeddedStoreTests
{
    private const string Embedded = "SpamGuard.Embedded";

    [Fact]
    public async Task Server_PublishedForTheImage_DoesNotReferenceTheEmbeddedStore() =>
        Assert.Equal(["SpamGuard"], await ReferencedProjectsAsync("-p:EmbeddedStore=false"));

    [Fact]
    public async Task Server_BuiltForALaptop_ReferencesTheEmbeddedStore() =>
        Assert.Contains(Embedded, await ReferencedProjectsAsync());

    [Fact]
    public void Server_OwnPackages_HoldNoEmbeddedStore() =>
        Assert.DoesNotContain(
            "Microsoft.Garnet",
            File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.Server", "SpamGuard.Server.csproj")),
            StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> ReferencedProjectsAsync(params string[] properties)
    {
        var output = await CommandRun.OutputOfAsync(
            ["dotnet", "msbuild", "src/SpamGuard.Server", "-nologo", "-nodeReuse:false", "-getItem:ProjectReference", .. properties]);
        using var answer = JsonDocument.Parse(output);
        return
        [
            .. answer.RootElement.GetProperty("Items").GetProperty("ProjectReference").EnumerateArray()
                .Select(item => Path.GetFileNameWithoutExtension(item.GetProperty("Identity").GetString()!)),
        ];
    }
}
