using System.Text.Json;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The image as the Dockerfile builds it, run as a restricted pod runs it. Where its base is a stand-in, what is shown is what the Dockerfile adds and takes.</summary>
[Collection(nameof(ImageCollection))]
[Trait("Category", "Image")]
public sealed class ImageTests(ImageFixture image, RedisTlsFixture redis) : IClassFixture<ImageFixture>
{
    private const string Grace = "30"; // seconds, as Kubernetes gives
    private const long MostBytes = 130_000_000;
    private const long MostOwnBytes = 10_000_000;

    private static readonly string[] Shells = ["sh", "ash", "bash", "dash", "busybox", "env", "apt", "apt-get", "dpkg"];

    [Fact]
    public async Task Container_ThatMayDoNothingElse_ScoresIsHealthyAndEndsWithinItsGrace()
    {
        await redis.FlushAsync(); // what was planted under another pepper
        using var secrets = new MountedSecrets(redis);
        await using var container = await ImageContainer.ServingAsync(image.Tag, secrets);

        var answer = await new ScoringService.ScoringServiceClient(container.Channel)
            .ScoreAsync(new ScoreRequest { Event = Events.SignUp("67.21.0.1") }).ResponseAsync.DefaultTimeout();
        Assert.Equal(Quality.Full, answer.Assessment.Quality);

        foreach (var arguments in (string[][])[["healthcheck"], ["healthcheck", "--ready"]])
        {
            var run = await container.ExecAsync(arguments);
            Assert.True(run.ExitCode == 0, run.Errors);
            Assert.EndsWith(" answers 200.\n", run.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await container.ExecAsync("healthcheck", "--never")).ExitCode);
        Assert.Equal("0", await container.StopAsync(Grace));
        Assert.Contains("\"event_id\":5004,", await container.LogsAsync(), StringComparison.Ordinal); // it drained
    }

    [Fact]
    public void Image_Configuration_RunsTheServerAsNobodyInParticularAndAsksIt()
    {
        Assert.Equal("1654:1654", image.Config.GetProperty("User").GetString());
        Assert.Equal(["dotnet", "SpamGuard.Server.dll"], Texts(image.Config.GetProperty("Entrypoint")));
        Assert.Equal(["CMD", "dotnet", "SpamGuard.Server.dll", "healthcheck"], Texts(image.Config.GetProperty("Healthcheck").GetProperty("Test")));
        Assert.Contains("DOTNET_EnableDiagnostics=0", Texts(image.Config.GetProperty("Env")));
    }

    [Fact]
    public async Task Image_Labels_SayWhatItIs()
    {
        var labels = image.Config.GetProperty("Labels").EnumerateObject()
            .Where(static label => label.Name.StartsWith("org.opencontainers.image.", StringComparison.Ordinal))
            .ToDictionary(static label => label.Name["org.opencontainers.image.".Length..], static label => label.Value.GetString()!, StringComparer.Ordinal);
        var commit = (await CommandRun.OutputOfAsync(["git", "rev-parse", "HEAD"])).Trim();

        Assert.Equal("SpamGuard", labels["title"]);
        Assert.NotEmpty(labels["description"]);
        Assert.Equal("Apache-2.0", labels["licenses"]);
        Assert.Equal(ImageBuild.Version, labels["version"]);
        Assert.Equal(commit, labels["revision"]);
        Assert.Matches(@"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$", labels["created"]);
    }

    [Fact]
    public void Image_Files_HoldNoShellAndNoEmbeddedStore()
    {
        Assert.Contains("SpamGuard.Server.dll", image.Content.Own.Keys);
        Assert.DoesNotContain(image.Content.Own.Keys, ImageContent.IsOfTheEmbeddedStore);
        Assert.DoesNotContain(image.Content.All, static file => Shells.Contains(Path.GetFileName(file), StringComparer.Ordinal));
    }

    [Fact]
    public void Image_Size_IsThatOfItsBaseAndLittleMore()
    {
        Assert.InRange(image.Content.Own.Values.Sum(static file => (long)file.Length), 1, MostOwnBytes);
        Assert.InRange(image.Inspected.GetProperty("Size").GetInt64(), 1, MostBytes);
    }

    [Fact]
    public void Image_BillOfMaterials_NamesThePackageOfEveryLibrary()
    {
        var bill = image.Content.Json("sbom.cdx.json");
        var components = bill.GetProperty("components").EnumerateArray().ToDictionary(
            static component => $"{component.GetProperty("name").GetString()}/{component.GetProperty("version").GetString()}", StringComparer.Ordinal);
        var packages = image.Content.Packages();
        var libraries = image.Content.Own.Keys.Where(static file => Path.GetExtension(file) is ".dll" or ".so" && !file.StartsWith("SpamGuard.", StringComparison.Ordinal));

        Assert.Equal("CycloneDX", bill.GetProperty("bomFormat").GetString());
        Assert.Equal(libraries.Order(StringComparer.Ordinal), packages.Values.SelectMany(static files => files).Order(StringComparer.Ordinal));
        Assert.All(packages.Keys, package =>
        {
            Assert.Contains(package, components.Keys);
            Assert.NotEmpty(components[package].GetProperty("hashes").EnumerateArray());
            Assert.NotEmpty(components[package].GetProperty("licenses").EnumerateArray());
        });
    }

    private static IEnumerable<string?> Texts(JsonElement array) => array.EnumerateArray().Select(static text => text.GetString());
}
