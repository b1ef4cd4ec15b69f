using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>Packages as another code base gets them: packed as a guide says, and restored by a project that knows nothing of this repository.</summary>
internal sealed class PackageTrial : IDisposable
{
    private const string Origin = "https://github.com/example/spamguard";

    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A"); // of portable PDBs
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4); // a busy machine of two cores
    private static readonly string[] Quiet = ["-v", "quiet", "-nologo", "-p:UseSharedCompilation=false", "-nodeReuse:false"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-package-");
    private string _commit = string.Empty;

    /// <summary>Where all of it is.</summary>
    public string Folder => _folder.FullName;

    // A cache of its own: a warm one hides what no source has.
    private string Cache => Path.Combine(Folder, "restored");

    private string Clone => Path.Combine(Folder, "clone");

    private string Packages => Path.Combine(Clone, "artifacts");

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

    /// <summary>Does what a guide's commands say, in a clone of this repository with an origin on GitHub: packs, and builds a project that uses what was packed.</summary>
    /// <returns>Its program.</returns>
    /// <param name="readme">The guide's path from the root.</param>
    /// <param name="project">The folder of the project, as the guide names it.</param>
    /// <param name="program">Its code.</param>
    public async Task<string> FollowAsync(string readme, string project, string program)
    {
        await CloneAsync();
        RestoredBefore("spamguard.client");
        var app = Path.Combine(Folder, "app");
        var block = File.ReadAllText(Path.Combine(Clone, readme)).Split("```sh\n").Select(static rest => rest.Split("```")[0]).Single(static block => block.Contains("dotnet new ", StringComparison.Ordinal));
        var commands = block.Split('\n')
            .Where(static line => !line.StartsWith("dotnet run --project src/SpamGuard.Server ", StringComparison.Ordinal)) // one is there
            .Select(line => line.Replace(project, app, StringComparison.Ordinal)
                .Replace("dotnet pack ", $"dotnet pack -p:RestoreLockedMode=true {string.Join(' ', Quiet)} ", StringComparison.Ordinal)
                .Replace("dotnet new ", $"export NUGET_PACKAGES='{Cache}'\ndotnet new ", StringComparison.Ordinal));
        await CommandRun.OutputOfAsync(["bash", "-ec", string.Join('\n', commands)], Clone, limit: Limit);
        File.WriteAllText(Path.Combine(app, "Program.cs"), program);
        await CommandRun.OutputOfAsync(["dotnet", "build", "-c", "Release", "-p:TreatWarningsAsErrors=true", .. Quiet], app, [KeyValuePair.Create("NUGET_PACKAGES", (string?)Cache)], Limit);
        return Path.Combine(app, "bin", "Release", "net10.0", "app.dll");
    }

    /// <summary>Looks at what every package has.</summary>
    /// <param name="name">Its project's name, which is its own.</param>
    /// <param name="needed">The packages and frameworks that whoever uses it carries along.</param>
    public void AssertPacked(string name, params string[] needed)
    {
        using var content = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(Packages, $"{name}.0.1.0-local.*.nupkg")));
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
        var repository = metadata.Elements().Single(static element => element.Name.LocalName == "repository");
        Assert.Equal((Origin, _commit), (repository.Attribute("url")!.Value, repository.Attribute("commit")!.Value));

        using var debugging = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(Packages, $"{name}.0.1.0-local.*.snupkg")));
        Assert.Contains($"https://raw.githubusercontent.com/example/spamguard/{_commit}/*", SourceLink(debugging.GetEntry($"lib/net10.0/{name}.pdb")!), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string SourceLink(ZipArchiveEntry pdb)
    {
        using var bytes = new MemoryStream();
        using (var packed = pdb.Open())
        {
            packed.CopyTo(bytes);
        }

        bytes.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(bytes);
        var reader = provider.GetMetadataReader();
        return string.Concat(reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(one => reader.GetGuid(one.Kind) == SourceLinkKind).Select(one => Encoding.UTF8.GetString(reader.GetBlobBytes(one.Value))));
    }

    private async Task CloneAsync()
    {
        var files = await CommandRun.OutputOfAsync(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".", ":!tests"]);
        foreach (var file in files.Split('\0').Where(static file => file.Length > 0 && File.Exists(Path.Combine(RepositoryRoot.Folder, file))))
        {
            var copy = Path.Combine(Clone, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(RepositoryRoot.Folder, file), copy);
        }

        await CommandRun.OutputOfAsync(
            ["bash", "-ec", $"git init -q\ngit add -A\ngit -c user.name=test -c user.email=test@spamguard.example commit -q -m clone\ngit remote add origin {Origin}"], Clone);
        _commit = (await CommandRun.OutputOfAsync(["git", "rev-parse", "HEAD"], Clone)).Trim();
    }

    // A package 0.1.0 with nothing in it, as restored some day: NuGet asks no source for a version that is there.
    private void RestoredBefore(string package)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Cache, package, "0.1.0")).FullName;
        File.WriteAllText(Path.Combine(folder, $"{package}.nuspec"), $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{package}</id><version>0.1.0</version><authors>somebody</authors><description>An older one.</description></metadata>
            </package>
            """);
        File.WriteAllText(Path.Combine(folder, $"{package}.0.1.0.nupkg.sha512"), "AAAA");
        File.WriteAllText(Path.Combine(folder, ".nupkg.metadata"), """{ "version": 2, "contentHash": "AAAA", "source": "here" }""");
    }
}
