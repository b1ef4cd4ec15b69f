using SpamGuard.Testing;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>The rules for Prometheus, and their tests, as they are in <c>k8s/components/monitoring</c>.</summary>
internal static class RuleFiles
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build();

    /// <summary>The component.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Folder, "k8s", "components", "monitoring");

    /// <summary>The files of rules, by name.</summary>
    public static IReadOnlyList<string> Paths { get; } = Files("rules");

    /// <summary>The files of promtool's tests, by name.</summary>
    public static IReadOnlyList<string> TestPaths { get; } = Files("tests");

    /// <summary>Every group, in the order of the files.</summary>
    public static IReadOnlyList<RuleGroup> Groups { get; } = [.. Paths.SelectMany(static path => Parse(File.ReadAllText(path)).Groups)];

    /// <summary>Every rule, likewise.</summary>
    public static IReadOnlyList<Rule> All { get; } = [.. Groups.SelectMany(static group => group.Rules)];

    /// <summary>Those that alert.</summary>
    public static IReadOnlyList<Rule> Alerts { get; } = [.. All.Where(static rule => rule.Alert is not null)];

    /// <summary>The names of alerts, each once: two windows of one budget are one alert.</summary>
    public static IReadOnlyList<string> AlertNames { get; } = [.. Alerts.Select(static rule => rule.Alert!).Distinct(StringComparer.Ordinal)];

    /// <summary>What promtool's tests say of alerts.</summary>
    public static IReadOnlyList<AlertCase> Cases { get; } =
        [.. TestPaths.SelectMany(static path => Yaml.Deserialize<RuleTestFile>(File.ReadAllText(path)).Tests).SelectMany(static test => test.AlertRuleTest)];

    /// <summary>Reads a file of rules.</summary>
    public static RuleFile Parse(string text) => Yaml.Deserialize<RuleFile>(text);

    private static IReadOnlyList<string> Files(string folder) => [.. Directory.GetFiles(Path.Combine(Folder, folder), "*.yaml").Order(StringComparer.Ordinal)];
}
