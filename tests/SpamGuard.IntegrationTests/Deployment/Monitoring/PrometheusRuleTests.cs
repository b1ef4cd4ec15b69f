using System.Text;

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
