using System.IO.Compression;
using System.Xml.Linq;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>Packages as another code base gets them: packed into a folder, and restored from it by a project that knows nothing of this repository.</summary>
internal sealed class PackageTrial : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4); // a busy machine of two cores
    private static readonly string[] Quiet = ["-v", "quiet", "-nologo", "-p:UseSharedCompilation=false", "-nodeReuse:false"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-package-");

    /// <summary>Where all of it is.</summary>
    public string Folder => _folder.FullName;

    // A cache of its own: a package of the same version from an earlier run would be taken for this one, and a warm one hides what no source has.
    private KeyValuePair<string, string?> Own => KeyValuePair.Create("NUGET_PACKAGES", (string?)Path.Combine(Folder, "restored"));

    private string Packages => Path.Combine(Folder, "packages");

    /// <summary>The first C# of a guide.</summary>
    /// <param name="readme">Its path from the root.</param>
    /// <param name="configuration">What it says of the configuration.</param>
    /// <param name="instead">What the test needs in its place.</param>
    public static string Example(string readme, string configuration, string instead)
    {
        var example = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, readme)).Split("```csharp\n")[1].Split("```")[0];
        Assert.Contains(configuration, example, StringComparison.Ordinal);
        return example.Replace(configuration, instead, StringComparison.Ordinal);
    }

    /// <summary>Packs a project, as a release is packed, and looks at what every package has.</summary>
    /// <param name="name">Its name, which is its folder's and its package's.</param>
    /// <param name="needed">The packages and frameworks that whoever uses it carries along.</param>
    public async Task PackAsync(string name, params string[] needed)
    {
        await CommandRun.OutputOfAsync(["dotnet", "pack", $"src/{name}", "-c", "Release", "-o", Packages, "-p:RestoreLockedMode=true", .. Quiet], limit: Limit);
        using var content = ZipFile.OpenRead(Path.Combine(Packages, $"{name}.0.1.0.nupkg"));
        var names = content.Entries.Select(static entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(["README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"], StringComparer.Ordinal), names);
        using var nuspec = content.GetEntry($"{name}.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().First();
        string Text(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(("README.md", "icon.png", "Apache-2.0"), (Text("readme"), Text("icon"), Text("license")));
        Assert.Equal(
            needed.Order(StringComparer.Ordinal),
            metadata.Descendants().Where(static element => element.Name.LocalName is "dependency" or "frameworkReference")
                .Select(static element => (element.Attribute("id") ?? element.Attribute("name"))!.Value).Order(StringComparer.Ordinal));

        using var debugging = ZipFile.OpenRead(Path.Combine(Packages, $"{name}.0.1.0.snupkg"));
        Assert.Contains(debugging.Entries, entry => entry.FullName == $"lib/net10.0/{name}.pdb");
    }

    /// <summary>Builds a project that uses what was packed.</summary>
    /// <returns>Its program.</returns>
    /// <param name="sdk">Its SDK.</param>
    /// <param name="items">What it refers to.</param>
    /// <param name="program">Its code.</param>
    public async Task<string> BuildAsync(string sdk, string items, string program)
    {
        var app = _folder.CreateSubdirectory("app").FullName;
        File.WriteAllText(Path.Combine(app, "app.csproj"), $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>{items}</ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(app, "nuget.config"), $"""<configuration><packageSources><add key="here" value="{Packages}" /></packageSources></configuration>""");
        return await BuildAsync(program);
    }

    /// <summary>Builds a project that a guide's commands make.</summary>
    /// <returns>Its program.</returns>
    /// <param name="readme">The guide's path from the root.</param>
    /// <param name="project">The folder of the project, as the guide names it.</param>
    /// <param name="program">Its code.</param>
    public async Task<string> FollowAsync(string readme, string project, string program)
    {
        var commands = File.ReadAllLines(Path.Combine(RepositoryRoot.Folder, readme))
            .SkipWhile(static line => !line.StartsWith("dotnet new ", StringComparison.Ordinal)).TakeWhile(static line => line != "```")
            .Select(line => line.Replace(project, "app", StringComparison.Ordinal).Replace("$PWD/artifacts", Packages, StringComparison.Ordinal));
        await CommandRun.OutputOfAsync(["bash", "-ec", string.Join('\n', commands)], Folder, [Own], Limit);
        return await BuildAsync(program);
    }

    private async Task<string> BuildAsync(string program)
    {
        var app = Path.Combine(Folder, "app");
        File.WriteAllText(Path.Combine(app, "Program.cs"), program);
        await CommandRun.OutputOfAsync(["dotnet", "build", "-c", "Release", "-p:TreatWarningsAsErrors=true", .. Quiet], app, [Own], Limit);
        return Path.Combine(app, "bin", "Release", "net10.0", "app.dll");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
