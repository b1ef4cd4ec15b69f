using System.Text.Json;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using YamlDotNet.Serialization;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What <c>compose.yaml</c> says, without an engine: both generations of the program take it, and it opens and leaves nothing that it should not.</summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task File_WithoutSecrets_SaysWhatToRun()
    {
        await using var folder = new ComposeFolder();

        var run = await folder.RunAsync("docker-compose config");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("run k8s/compose/make-secrets first", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_WithSecrets_IsTakenByBothGenerations()
    {
        await using var folder = new ComposeFolder();
        await folder.OutputOfAsync("k8s/compose/make-secrets");

        await folder.OutputOfAsync("docker-compose config --quiet"); // Debian's: the first generation
        var linter = Path.Combine(Tool.NodeFolder, "node_modules", ".bin", "dclint");
        var found = await folder.RunAsync($"'{linter}' --formatter json compose.yaml"); // by the schema that the second has
        using var report = JsonDocument.Parse(found.Output);
        var errors = report.RootElement.EnumerateArray().SelectMany(static file => file.GetProperty("messages").EnumerateArray())
            .Where(static message => message.GetProperty("type").GetString() == "error").Select(static message => message.ToString());
        Assert.Empty(errors);
        Assert.NotEmpty(report.RootElement.EnumerateArray());
    }

    [Fact]
    public async Task Services_OfTheFile_MayDoNothingMoreAndAreReachedFromThisMachineOnly()
    {
        await using var folder = new ComposeFolder();
        await folder.OutputOfAsync("k8s/compose/make-secrets");
        var services = new DeserializerBuilder().Build().Deserialize<Dictionary<string, dynamic>>(await folder.OutputOfAsync("docker-compose config"))["services"];

        Assert.Equal(4, services.Count);
        foreach (var service in services.Values)
        {
            Assert.Equal("true", service["read_only"]);
            Assert.Equal("ALL", Assert.Single(service["cap_drop"]));
            Assert.Equal("no-new-privileges:true", Assert.Single(service["security_opt"]));
            Assert.False(((string)service["user"]).StartsWith("0:", StringComparison.Ordinal));
            foreach (string port in service.TryGetValue((object)"ports", out dynamic ports) ? ports : new List<object>())
            {
                Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal);
            }

            foreach (string volume in service["volumes"])
            {
                Assert.True(Path.Exists(volume.Split(':')[0]), volume);
            }
        }
    }

    [Fact]
    public async Task Secrets_ThatAreThere_AreNotReplaced()
    {
        await using var folder = new ComposeFolder();
        await folder.OutputOfAsync("k8s/compose/make-secrets");
        var pepper = Path.Combine(folder.Path, "k8s", "compose", "secrets", "pepper", "0001.pepper");
        var before = await File.ReadAllTextAsync(pepper);

        var again = await folder.RunAsync("k8s/compose/make-secrets");

        Assert.Equal((1, before), (again.ExitCode, await File.ReadAllTextAsync(pepper)));
        Assert.Contains("is there already", again.Errors, StringComparison.Ordinal);
        Assert.Empty(await folder.OutputOfAsync("find k8s/compose/secrets -type f -perm /044")); // nobody else reads them
    }
}
