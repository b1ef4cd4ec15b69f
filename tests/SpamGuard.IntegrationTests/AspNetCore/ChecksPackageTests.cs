using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Xml.Linq;
using SpamGuard.AspNetCore;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>The packages as another code base gets them: packed, restored from a folder, and the guide's first example compiled against them, run and called.</summary>
public sealed class ChecksPackageTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="SpamGuard.AspNetCore" Version="0.1.0" />
          </ItemGroup>
        </Project>
        """;

    private const string Configuration = "options => options.Address = new Uri(\"http://127.0.0.1:5080\")";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(4); // a busy machine of two cores

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-checks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Packages_InAProjectOfItsOwn_LetThroughAndThenAskForProof()
    {
        var packages = _folder.CreateSubdirectory("packages").FullName;
        var app = _folder.CreateSubdirectory("app").FullName;
        string[] quiet = ["-v", "quiet", "-nologo", "-p:UseSharedCompilation=false", "-nodeReuse:false"];
        foreach (var project in (string[])["src/SpamGuard.Client", "src/SpamGuard.AspNetCore"])
        {
            await CommandRun.OutputOfAsync(["dotnet", "pack", project, "-c", "Release", "-o", packages, "-p:RestoreLockedMode=true", .. quiet], limit: BuildLimit);
        }

        AssertContent(packages);
        File.WriteAllText(Path.Combine(app, "app.csproj"), Project);
        File.WriteAllText(Path.Combine(app, "Program.cs"), Example());
        File.WriteAllText(Path.Combine(app, "nuget.config"), $"""<configuration><packageSources><add key="here" value="{packages}" /></packageSources></configuration>""");

        // In a folder of its own: a package of the same version from an earlier run would be taken for this one.
        var own = KeyValuePair.Create("NUGET_PACKAGES", (string?)Path.Combine(_folder.FullName, "restored"));
        await CommandRun.OutputOfAsync(["dotnet", "build", "-c", "Release", .. quiet], app, [own], BuildLimit);
        await using var program = await WebProgram.StartAsync(
            Path.Combine(app, "bin", "Release", "net10.0", "app.dll"),
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["SERVER"] = server.Url(Listener.Grpc), ["HOME"] = _folder.FullName, ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        using var http = new HttpClient { BaseAddress = program.Url };

        Assert.Equal((HttpStatusCode.OK, "ann is accepted: Allow"), await SignUpAsync());
        await Poll.UntilAsync(async () =>
        {
            var (status, body) = await SignUpAsync();
            return status == HttpStatusCode.Forbidden && body.Contains(SpamGuardChallenge.ProblemType, StringComparison.Ordinal);
        }).DefaultTimeout();
        Assert.Contains("Connected to SpamGuard at ", program.Output, StringComparison.Ordinal);

        async Task<(HttpStatusCode Status, string Body)> SignUpAsync()
        {
            using var response = await http.PostAsJsonAsync("/sign-up", new { name = "ann" }).DefaultTimeout();
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    // With a deadline that a busy machine keeps.
    private static string Example()
    {
        var example = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.AspNetCore", "README.md")).Split("```csharp\n")[1].Split("```")[0];
        Assert.Contains(Configuration, example, StringComparison.Ordinal);
        return example.Replace(
            Configuration, "options => { options.Address = new Uri(Environment.GetEnvironmentVariable(\"SERVER\")!); options.Timeout = TimeSpan.FromSeconds(10); }", StringComparison.Ordinal);
    }

    private static void AssertContent(string packages)
    {
        using var content = ZipFile.OpenRead(Path.Combine(packages, "SpamGuard.AspNetCore.0.1.0.nupkg"));
        var names = content.Entries.Select(static entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(["README.md", "icon.png", "lib/net10.0/SpamGuard.AspNetCore.dll", "lib/net10.0/SpamGuard.AspNetCore.xml"], StringComparer.Ordinal), names);
        using var nuspec = content.GetEntry("SpamGuard.AspNetCore.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().First();
        string Text(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(("README.md", "icon.png", "Apache-2.0"), (Text("readme"), Text("icon"), Text("license")));
        Assert.Equal(
            ["Microsoft.AspNetCore.App", "SpamGuard.Client"],
            metadata.Descendants().Where(static element => element.Name.LocalName is "dependency" or "frameworkReference")
                .Select(static element => (element.Attribute("id") ?? element.Attribute("name"))!.Value).Order(StringComparer.Ordinal));

        using var debugging = ZipFile.OpenRead(Path.Combine(packages, "SpamGuard.AspNetCore.0.1.0.snupkg"));
        Assert.Contains(debugging.Entries, static entry => entry.FullName == "lib/net10.0/SpamGuard.AspNetCore.pdb");
    }
}
