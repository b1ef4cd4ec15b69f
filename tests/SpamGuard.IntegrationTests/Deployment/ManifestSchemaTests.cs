using k8s.Models;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What is rendered is what Kubernetes knows, by two who never met: one finds what is unknown or of another type, the other what is missing.</summary>
public sealed class ManifestSchemaTests
{
    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Overlay_EveryField_IsKnownToTheClient(string name)
    {
        Assert.NotEmpty(Overlay.Of(name).All<V1Deployment>());
        Assert.NotEmpty(Overlay.Of(name).All<CertificateManifest>());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Overlay_EveryManifest_FitsItsSchema(string name) => Assert.EndsWith(" manifests, 0 faults", Tool.SchemaFaults(Overlay.Of(name).Text), StringComparison.Ordinal);

    [Fact]
    public void Dev_WithoutItsSecrets_DoesNotRender() => Assert.Contains(
        "secrets/", Assert.Throws<InvalidOperationException>(static () => Overlay.Render("dev", makesSecrets: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void Overlays_All_AreThoseOfThePage()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "README.md"));
        Assert.All(Overlay.Names, name => Assert.Contains($"| `overlays/{name}/` |", page, StringComparison.Ordinal));
        Assert.All(
            Directory.GetDirectories(Path.Combine(RepositoryRoot.Folder, "k8s", "components")),
            folder => Assert.Contains($"| `components/{Path.GetFileName(folder)}/` |", page, StringComparison.Ordinal));
    }
}
