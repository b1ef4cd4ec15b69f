using System.Text;
using SpamGuard.IntegrationTests.Deployment.Manifests;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>The operator's object holds the rules of the plain files, word by word. <c>SPAMGUARD_WRITE_RULES=1</c> writes it anew.</summary>
public sealed class PrometheusRuleTests
{
    private const string Head =
        """
        # Made from rules/*.yaml, and compared with them by a test: SPAMGUARD_WRITE_RULES=1 dotnet test tests/SpamGuard.IntegrationTests --filter PrometheusRuleTests
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: spamguard
          labels:
            app.kubernetes.io/name: spamguard
            app.kubernetes.io/part-of: spamguard
        spec:
          groups:

        """;

    [Fact]
    public void Object_ItsGroups_AreThoseOfTheFiles()
    {
        var path = Path.Combine(RuleFiles.Folder, "prometheusrule.yaml");
        var expected = Composed();
        if (Environment.GetEnvironmentVariable("SPAMGUARD_WRITE_RULES") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void Component_AnotherPlaceOfTheRunbook_IsThatOfEveryAlertAndDashboard()
    {
        const string Elsewhere = "https://wiki.example/on-call/spamguard";
        var copy = Directory.CreateTempSubdirectory("spamguard-monitoring-");
        try
        {
            copy.CreateSubdirectory("monitoring/dashboards");
            foreach (var file in (string[])["kustomization.yaml", "prometheusrule.yaml", "servicemonitor.yaml", .. DashboardFiles.All.Select(static one => Path.GetRelativePath(RuleFiles.Folder, one.Path))])
            {
                File.Copy(Path.Combine(RuleFiles.Folder, file), Path.Combine(copy.FullName, "monitoring", file));
            }

            var runbook = File.ReadAllText(Path.Combine(RuleFiles.Folder, "runbook.yaml"));
            var lines = runbook.Split('\n').Select(static line => line.StartsWith("  url: ", StringComparison.Ordinal) ? $"  url: {Elsewhere}" : line);
            File.WriteAllText(Path.Combine(copy.FullName, "monitoring", "runbook.yaml"), string.Join('\n', lines));
            File.WriteAllText(Path.Combine(copy.FullName, "kustomization.yaml"), "components: [monitoring]\n");

            var rendered = Tool.Kustomize(copy.FullName).Split('\n').Select(static line => line.Trim()).ToList();
            var urls = rendered.Where(static line => line.StartsWith("runbook_url: ", StringComparison.Ordinal)).ToList();

            Assert.Equal(Composed().Split('\n').Count(static line => line.TrimStart().StartsWith("runbook_url: ", StringComparison.Ordinal)), urls.Count);
            Assert.All(urls, url => Assert.StartsWith($"runbook_url: {Elsewhere}#", url, StringComparison.Ordinal));
            Assert.Equal(DashboardFiles.All.Count, rendered.Count(static line => line == $"\"query\": \"{Elsewhere}\","));
            Assert.DoesNotContain(rendered, static line => line.Contains("spamguard.example/RUNBOOK", StringComparison.Ordinal));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    // An overlay elsewhere, which has the component from this repository and can't change its files, does what the page says.
    [Fact]
    public void Component_AnotherPlaceOfTheRunbookByTheOverlay_IsThatOfEveryAlertAndDashboard()
    {
        var patches = Assert.Single(Guide.Readme.Blocks("yaml", "## Monitoring"));
        var replacements = File.ReadAllText(Path.Combine(RuleFiles.Folder, "kustomization.yaml")).Split("\nreplacements:\n")[1];
        var rendered = Overlay.Render("production", copied: folder =>
        {
            var path = Path.Combine(folder, "overlays", "production", "kustomization.yaml");
            File.WriteAllText(path, $"{File.ReadAllText(path).Replace("\npatches:\n", $"\n{patches}", StringComparison.Ordinal)}\nreplacements:\n{replacements}");
        });

        Assert.Contains("runbook_url: https://wiki.example/RUNBOOK.md#spamguarddown\n", rendered, StringComparison.Ordinal);
        Assert.Equal(DashboardFiles.All.Count, rendered.Split("\"query\": \"https://wiki.example/RUNBOOK.md\",").Length - 1);
        Assert.DoesNotContain("spamguard.example/RUNBOOK", rendered, StringComparison.Ordinal);
    }

    private static string Composed()
    {
        var text = new StringBuilder(Head);
        foreach (var path in RuleFiles.Paths)
        {
            var lines = File.ReadAllLines(path);
            foreach (var line in lines.SkipWhile(static line => line != "groups:").Skip(1))
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }
}
