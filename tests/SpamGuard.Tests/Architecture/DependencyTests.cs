using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;

namespace SpamGuard.Tests.Architecture;

/// <summary>The product knows neither how it is served nor by whom: the command line and the tests use it without a server.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Foreign = ["Grpc.", "Google.", "Microsoft.AspNetCore.", "prometheus-net.AspNetCore", "Microsoft.Garnet"];

    [Fact]
    public void Product_ProjectFile_NamesNoServerPackage() =>
        Assert.Empty(ForeignReferences(XDocument.Parse(Repository.Read("src/SpamGuard/SpamGuard.csproj"))));

    [Fact]
    public void Product_LockFile_NamesNoServerPackageNotEvenIndirectly()
    {
        using var locked = JsonDocument.Parse(Repository.Read("src/SpamGuard/packages.lock.json"));

        Assert.Empty(ForeignPackages(locked));
    }

    [Fact]
    public void Product_Assembly_ReferencesNoServerAssembly() =>
        Assert.DoesNotContain(
            Assembly.Load("SpamGuard").GetReferencedAssemblies(),
            reference => IsForeign(reference.Name!));

    [Theory]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="Grpc.Core.Api" /></ItemGroup></Project>""", "Grpc.Core.Api")]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup></Project>""", "Microsoft.AspNetCore.App")]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><ProjectReference Include="../SpamGuard.Server/SpamGuard.Server.csproj" /></ItemGroup></Project>""", "../SpamGuard.Server/SpamGuard.Server.csproj")]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><Using Include="SpamGuard.Scoring" /></ItemGroup></Project>""", "SpamGuard.Scoring")]
    [InlineData("""<Project Sdk="Microsoft.NET.Sdk.Web" />""", "Microsoft.NET.Sdk.Web")]
    public void ForeignReferences_PlantedReference_IsReported(string project, string expected) =>
        Assert.Equal([expected], ForeignReferences(XDocument.Parse(project)));

    [Fact]
    public void ForeignPackages_PlantedTransitivePackage_IsReported()
    {
        using var locked = JsonDocument.Parse(
            """{"version":2,"dependencies":{"net10.0":{"Polly.Core":{"type":"Direct"},"Grpc.Core.Api":{"type":"Transitive"}}}}""");

        Assert.Equal(["Grpc.Core.Api"], ForeignPackages(locked));
    }

    /// <summary>Other projects, and imports for all files at once, are foreign as well: the product is the lowest project.</summary>
    private static IReadOnlyList<string> ForeignReferences(XDocument project) =>
    [
        .. new[] { (string?)project.Root!.Attribute("Sdk") ?? "no sdk" }.Where(sdk => sdk != "Microsoft.NET.Sdk"),
        .. project.Descendants().Where(item => item.Name.LocalName is "ProjectReference" or "Using").Select(Include),
        .. project.Descendants()
            .Where(item => item.Name.LocalName is "PackageReference" or "FrameworkReference" or "Reference")
            .Select(Include)
            .Where(IsForeign),
    ];

    private static IReadOnlyList<string> ForeignPackages(JsonDocument locked) =>
    [
        .. locked.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => package.Name)
            .Where(IsForeign),
    ];

    private static string Include(XElement item) => (string?)item.Attribute("Include") ?? string.Empty;

    private static bool IsForeign(string name) => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
