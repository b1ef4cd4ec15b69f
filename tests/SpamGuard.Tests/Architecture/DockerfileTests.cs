using System.Text.RegularExpressions;

namespace SpamGuard.Tests.Architecture;

/// <summary>What a cluster relies on when it runs the image: nobody notices a lost line until a pod is refused or a dump is found.</summary>
public sealed class DockerfileTests
{
    private static readonly (string Pattern, string Missing)[] Needed =
    [
        (@"^FROM \$\{RUNTIME_IMAGE\}$", "a last stage from RUNTIME_IMAGE"),
        (@"^USER [1-9]\d*:[1-9]\d*$", "a user that is not root, by number"),
        ("^ENV DOTNET_EnableDiagnostics=0$", "diagnostics switched off"),
        ("^EXPOSE 5080 5081 5082 5083$", "the four listeners"),
        (@"^HEALTHCHECK .*CMD \[""dotnet"", ""SpamGuard.Server.dll"", ""healthcheck""\]$", "a health check that needs no shell"),
    ];

    [Fact]
    public void Dockerfile_AsItIs_KeepsWhatAClusterReliesOn() => Assert.Empty(Violations(Repository.Read("Dockerfile")));

    [Theory]
    [InlineData("-chiseled", "", "a last stage without a shell")]
    [InlineData("FROM ${RUNTIME_IMAGE}", "FROM somewhere/aspnet:10.0", "a last stage from RUNTIME_IMAGE")]
    [InlineData("ARG VERSION=0.1.0", "ARG VERSION=0.0.9", "the version of the assemblies")]
    [InlineData("\"healthcheck\"]", "\"help\"]", "a health check that needs no shell")]
    [InlineData("USER 1654:1654", "USER app", "a user that is not root, by number")]
    [InlineData("USER 1654:1654", "USER 0:0", "a user that is not root, by number")]
    [InlineData("ENV DOTNET_EnableDiagnostics=0", "", "diagnostics switched off")]
    [InlineData("ENV DOTNET_EnableDiagnostics=0", "ENV DOTNET_EnableDiagnostics=0\nENV DOTNET_DbgEnableMiniDump=1", "no dump of memory on a crash")]
    [InlineData("EXPOSE 5080 5081 5082 5083", "EXPOSE 5080", "the four listeners")]
    [InlineData("--locked-mode ", "", "locked versions in: dotnet restore")]
    [InlineData("--no-restore -p:EmbeddedStore=false", "--no-restore", "EmbeddedStore=false in: dotnet publish")]
    [InlineData("--no-restore ", "", "the locked restore in: dotnet publish")]
    public void Violations_PlantedChange_AreReported(string from, string to, string expected)
    {
        var original = Repository.Read("Dockerfile");
        var changed = original.Replace(from, to, StringComparison.Ordinal);

        Assert.NotEqual(original, changed);
        Assert.Equal([expected], Violations(changed));
    }

    private static IReadOnlyList<string> Violations(string dockerfile)
    {
        var lastStage = dockerfile[dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];
        var commands = dockerfile.Split('\n').Where(line => line.StartsWith("RUN dotnet ", StringComparison.Ordinal)).ToList();
        return
        [
            .. Needed.Where(need => !Regex.IsMatch(lastStage, need.Pattern, RegexOptions.Multiline)).Select(need => need.Missing),
            .. Regex.IsMatch(dockerfile, @"^ARG RUNTIME_IMAGE=\S+-chiseled$", RegexOptions.Multiline) ? Array.Empty<string>() : ["a last stage without a shell"],
            .. dockerfile.Contains($"\nARG VERSION={Version()}\n", StringComparison.Ordinal) ? Array.Empty<string>() : ["the version of the assemblies"],
            .. lastStage.Contains("EnableMiniDump", StringComparison.Ordinal) ? ["no dump of memory on a crash"] : Array.Empty<string>(),
            .. Without(commands, "dotnet restore", "--locked-mode").Select(name => $"locked versions in: {name}"),
            .. Without(commands, "dotnet restore", "-p:EmbeddedStore=false").Select(name => $"EmbeddedStore=false in: {name}"),
            .. Without(commands, "dotnet publish", "-p:EmbeddedStore=false").Select(name => $"EmbeddedStore=false in: {name}"),
            .. Without(commands, "dotnet publish", "--no-restore").Select(name => $"the locked restore in: {name}"),
        ];
    }

    private static string Version() => Regex.Match(Repository.Read("Directory.Build.props"), "<Version>(.+)</Version>").Groups[1].Value;

    /// <summary>The command's name when no line runs it with that option.</summary>
    private static IEnumerable<string> Without(List<string> commands, string name, string option) =>
        commands.Exists(line => line.Contains(name, StringComparison.Ordinal) && line.Contains(option, StringComparison.Ordinal)) ? [] : [name];
}
