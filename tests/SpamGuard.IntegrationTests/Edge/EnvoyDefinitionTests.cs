using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>Our part of Envoy's protocol, and the example's configuration, against Envoy's own definitions.</summary>
public sealed partial class EnvoyDefinitionTests
{
    private const string Service = "envoy/service/auth/v3/external_auth.proto";

    private static readonly string Protos = Path.Combine(RepositoryRoot.Folder, "protos");

    [Fact]
    public void Protos_OfOurs_HaveEnvoysNamesNumbersAndTypes()
    {
        Assert.Equal("33 looked at, 0 faults", EnvoyTool.Faults("definitions", Protos, Service));

        // All of them are looked at: the service needs each.
        Assert.Equal(5, Directory.EnumerateFiles(Path.Combine(Protos, "envoy"), "*.proto", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void Protos_WithAnotherNumberOrType_AreFound()
    {
        var copy = Directory.CreateTempSubdirectory("spamguard-envoy-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Protos, "envoy"), "*.proto", SearchOption.AllDirectories))
            {
                var to = Path.Combine(copy.FullName, Path.GetRelativePath(Protos, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.WriteAllText(to, File.ReadAllText(file)
                    .Replace("context_extensions = 10", "context_extensions = 11", StringComparison.Ordinal)
                    .Replace("string key = 1", "bytes key = 1", StringComparison.Ordinal)
                    .Replace("Forbidden = 403", "Forbidden = 404", StringComparison.Ordinal));
            }

            var faults = EnvoyTool.Faults("definitions", copy.FullName, Service).Split('\n');

            Assert.Equal("33 looked at, 3 faults", faults[^1]);
            Assert.Contains(faults, static fault => fault.StartsWith(".envoy.service.auth.v3.AttributeContext.context_extensions: ", StringComparison.Ordinal));
            Assert.Contains(faults, static fault => fault.StartsWith(".envoy.config.core.v3.HeaderValue.key: ", StringComparison.Ordinal));
            Assert.Contains(faults, static fault => fault.StartsWith(".envoy.type.v3.StatusCode.Forbidden: ", StringComparison.Ordinal));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("timeout: 0.2s", "timeout: 200", 1)]
    [InlineData("allowed_headers:", "alowed_headers:", 1)]
    [InlineData("ext_authz.v3.ExtAuthzPerRoute", "ext_authz.v3.ExtAuthzPerRout", 4)]
    public void Configuration_OfTheExample_IsOfEnvoysFields(string right, string wrong, int faults)
    {
        var text = Commented().Replace(File.ReadAllText(Path.Combine(EnvoyTool.Example, "envoy.yaml")), "${indent}"); // what stands in comments too
        Assert.Contains("UpstreamTlsContext\n", text, StringComparison.Ordinal);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, right.Length == 0 ? text : text.Replace(right, wrong, StringComparison.Ordinal));
            var lines = EnvoyTool.Faults("config", file).Split('\n');

            Assert.EndsWith($", {lines.Length - 1} faults", lines[^1], StringComparison.Ordinal);
            Assert.True(faults == 0 ? lines.Length == 1 : lines.Length > faults, string.Join('\n', lines));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("/sign-up", true)]
    [InlineData("/sign-up/", true)]
    [InlineData("/Sign-Up", true)]
    [InlineData("/MESSAGES/", true)]
    [InlineData("/sign-up%20", true)]
    [InlineData("/sign-up/confirm", false)]
    [InlineData("/sign-upper", false)]
    [InlineData("/a/sign-up", false)]
    public void Configuration_OfTheExample_AsksAboutEverySpelling(string path, bool isAsked)
    {
        var routes = Route().Matches(File.ReadAllText(Path.Combine(EnvoyTool.Example, "envoy.yaml")));

        Assert.Equal(2, routes.Count);
        Assert.Equal(isAsked, routes.Any(route => Matches(route, path)));
    }

    [Theory]
    [InlineData("/sign-up;a=b", true)]
    [InlineData("/sign-up;a%0Ab", true)]
    [InlineData("/;x/sign-up", true)]
    [InlineData("/x/..;/sign-up", true)]
    [InlineData("/sign-up%3ba", true)]
    [InlineData("/x%5Csign-up", true)]
    [InlineData("/%73ign-up", true)]
    [InlineData("/sign%2Dup", true)]
    [InlineData("/sign-up%0A", true)]
    [InlineData("/sign-up", false)]
    [InlineData("/sign-up%20", false)]
    [InlineData("/caf%C3%A9/100%25/a%2Cb%7C", false)]
    public void Configuration_OfTheExample_RefusesWhatAnApplicationMayTakeForAnotherPath(string path, bool isRefused) =>
        Assert.Equal(isRefused, Matches(Assert.Single(Refusing().Matches(File.ReadAllText(Path.Combine(EnvoyTool.Example, "envoy.yaml")))), path));

    // Envoy's match the whole path.
    private static bool Matches(Match route, string path) => Regex.IsMatch(path, $"^(?:{route.Groups["regex"].Value})$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex("- match: \\{safe_regex: \\{regex: '(?<regex>[^']+)'\\}\\}\n +direct_response: \\{status: 400\\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Refusing();

    [GeneratedRegex("- match: \\{safe_regex: \\{regex: \"(?<regex>[^\"]+)\"\\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Route();

    [GeneratedRegex("^(?<indent> *)#   ", RegexOptions.Multiline)]
    private static partial Regex Commented();
}
