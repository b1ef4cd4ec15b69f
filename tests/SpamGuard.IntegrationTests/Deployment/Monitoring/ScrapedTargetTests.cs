using System.Text.RegularExpressions;
using k8s.Models;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using YamlDotNet.RepresentationModel;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Both ways to find the processes, by the operator and by names, find all of them, as the jobs that the rules ask for.</summary>
public sealed class ScrapedTargetTests
{
    private static readonly Overlay Production = Overlay.Of("production");

    private static IEnumerable<string> Jobs => Production.Ours.Select(static workload => workload.Name).Order(StringComparer.Ordinal);

    [Fact]
    public void Jobs_OfRules_AreWorkloads() => Assert.Empty(
        RuleFiles.All.SelectMany(static rule => PromQl.Selectors(rule.Expr)).SelectMany(static selector => selector.Matchers)
            .Where(static matcher => matcher is { Label: "job", Operator: "=" }).Select(static matcher => matcher.Value).Except(Jobs, StringComparer.Ordinal));

    [Fact]
    public void ServiceMonitor_Services_BecomeTheJobs()
    {
        var monitor = Read("servicemonitor.yaml")["spec"];
        var endpoint = Assert.Single((YamlSequenceNode)monitor["endpoints"]);
        var relabeling = Assert.Single((YamlSequenceNode)endpoint["relabelings"]);
        Assert.Equal(("[ __meta_kubernetes_service_name ]", "job"), ($"{relabeling["sourceLabels"]}", $"{relabeling["targetLabel"]}"));
        var chosen = Production.All<V1Service>().Where(service =>
            ((YamlMappingNode)monitor["selector"]["matchLabels"]).All(label => service.Metadata.Labels[$"{label.Key}"] == $"{label.Value}")
            && service.Spec.Ports.Any(port => port.Name == $"{endpoint["port"]}"));

        Assert.Equal(Jobs, chosen.Select(service => Regex.Match(service.Metadata.Name, $"^(?:{relabeling["regex"]})$").Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Example_NamesThatItLooksUp_AreThoseOfServicesOfMetrics()
    {
        var jobs = ((YamlSequenceNode)Read("prometheus.yml")["scrape_configs"]).ToDictionary(static job => $"{job["job_name"]}", static job => Assert.Single((YamlSequenceNode)job["dns_sd_configs"]), StringComparer.Ordinal);

        Assert.Equal(Jobs, jobs.Keys.Order(StringComparer.Ordinal));
        Assert.All(jobs, static job =>
        {
            var service = Assert.Single(Production.All<V1Service>(), service => $"[ {service.Metadata.Name}.{service.Metadata.NamespaceProperty}.svc ]" == $"{job.Value["names"]}");
            var port = Assert.Single(service.Spec.Ports);
            Assert.Equal((job.Key, "metrics", $"{port.Port}"), ($"{service.Spec.Selector["app.kubernetes.io/name"]}{Suffix(service)}", port.Name, $"{job.Value["port"]}"));
        });
    }

    private static string Suffix(V1Service service) => service.Spec.Selector["app.kubernetes.io/component"] is var component and not "scoring" ? $"-{component}" : "";

    private static YamlNode Read(string file)
    {
        using var reader = new StreamReader(Path.Combine(RuleFiles.Folder, file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return Assert.Single(yaml.Documents).RootNode;
    }
}
