using System.IO.Compression;
using System.Xml.Linq;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>The package as another code base gets it: packed, restored from a folder, and the README's example compiled against it and run.</summary>
public sealed class ClientPackageTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            <PackageReference Include="SpamGuard.Client" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    private const string Configuration = "options => options.Address = new Uri(\"http://127.0.0.1:5080\")";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(4); // a busy machine of two cores

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-package-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Package_InAProjectOfItsOwn_GivesAVerdict()
    {
        var packages = _folder.CreateSubdirectory("packages").FullName;
        var app = _folder.CreateSubdirectory("app").FullName;
        string[] quiet = ["-v", "quiet", "-nologo", "-p:UseSharedCompilation=false", "-nodeReuse:false"];
        await CommandRun.OutputOfAsync(["dotnet", "pack", "src/SpamGuard.Client", "-c", "Release", "-o", packages, "-p:RestoreLockedMode=true", .. quiet], limit: BuildLimit);
        AssertContent(Path.Combine(packages, "SpamGuard.Client.0.1.0.nupkg"), Path.Combine(packages, "SpamGuard.Client.0.1.0.snupkg"));

        File.WriteAllText(Path.Combine(app, "app.csproj"), Project);
        File.WriteAllText(Path.Combine(app, "Program.cs"), Example());
        File.WriteAllText(Path.Combine(app, "nuget.config"), $"""<configuration><packageSources><add key="here" value="{packages}" /></packageSources></configuration>""");

        // In a folder of its own: a package of the same version from an earlier run would be taken for this one.
        var own = KeyValuePair.Create("NUGET_PACKAGES", (string?)Path.Combine(_folder.FullName, "restored"));
        await CommandRun.OutputOfAsync(["dotnet", "build", "-c", "Release", .. quiet], app, [own], BuildLimit);
        var said = await CommandRun.OutputOfAsync(["dotnet", Path.Combine(app, "bin", "Release", "net10.0", "app.dll"), server.Url(Listener.Grpc)], app, limit: BuildLimit);

        Assert.Contains("Allow 0.05 by Service", said, StringComparison.Ordinal);
        Assert.Contains("Connected to SpamGuard at ", said, StringComparison.Ordinal);
    }

    // With a deadline that a busy machine keeps.
    private static string Example()
    {
        var example = Pages.Text("protos/README.md").Split("```csharp\n")[1].Split("```")[0];
        Assert.Contains(Configuration, example, StringComparison.Ordinal);
        return example.Replace(Configuration, "options => { options.Address = new Uri(args[0]); options.Timeout = TimeSpan.FromSeconds(10); }", StringComparison.Ordinal);
    }

    private static void AssertContent(string package, string symbols)
    {
        using var content = ZipFile.OpenRead(package);
        var names = content.Entries.Select(static entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(["README.md", "icon.png", "lib/net10.0/SpamGuard.Client.dll", "lib/net10.0/SpamGuard.Client.xml"], StringComparer.Ordinal), names);
        using var nuspec = content.GetEntry("SpamGuard.Client.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().First();
        string Text(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(("README.md", "icon.png", "Apache-2.0"), (Text("readme"), Text("icon"), Text("license")));

        // A caller carries these along: each more is one that he must trust and keep up to date.
        Assert.Equal(
            ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.HealthCheck", "Grpc.Net.Client", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Options", "Polly.Core"],
            metadata.Descendants().Where(static element => element.Name.LocalName == "dependency").Select(static element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal));

        using var debugging = ZipFile.OpenRead(symbols);
        Assert.Contains(debugging.Entries, static entry => entry.FullName == "lib/net10.0/SpamGuard.Client.pdb");
    }
}
