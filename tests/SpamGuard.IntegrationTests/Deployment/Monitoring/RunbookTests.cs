namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Every alert has its section, and every section says the four things that are asked at three in the morning.</summary>
public sealed class RunbookTests
{
    private static readonly string[] Parts = ["**It means**", "**Look**", "**Do**", "**Over**"];

    public static TheoryData<string> Alerts => [.. RuleFiles.AlertNames];

    [Fact]
    public void Sections_TheirHeadings_AreTheAlerts() => Assert.Equal(
        RuleFiles.AlertNames.Order(StringComparer.Ordinal), Runbook.Sections.Select(static section => section.Heading).Where(static heading => heading.StartsWith("SpamGuard", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Table_ItsRows_AreTheAlertsInTheOrderOfTheSections()
    {
        var alerts = RuleFiles.Alerts.DistinctBy(static rule => rule.Alert).ToDictionary(static rule => rule.Alert!, static rule => rule.Labels["severity"], StringComparer.Ordinal);

        Assert.Equal(
            Runbook.Sections.Select(static section => section.Heading).Where(alerts.ContainsKey).Select(alert => $"{alert} {alert.ToLowerInvariant()} {alerts[alert]}"),
            Runbook.Rows.Select(static row => string.Join(' ', row)));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Section_OfAnAlert_SaysWhatItMeansHowToSeeItWhatToDoAndWhenItIsOver(string alert)
    {
        var text = Runbook.Sections.Single(section => section.Heading == alert).Text;

        Assert.All(Parts, part => Assert.Contains($"\n{part}", text, StringComparison.Ordinal));
        Assert.True(text.Contains("```promql\n", StringComparison.Ordinal) || text.Contains("```sh\n", StringComparison.Ordinal), "It gives nothing to type.");
    }

    [Fact]
    public async Task Expressions_AllOfThem_AreExpressions()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("spamguard-runbook-").FullName, "rules.yaml");
        try
        {
            var rules = Runbook.Expressions.Select(static (expression, i) => $"      - record: line{i}\n        expr: {System.Text.Json.JsonSerializer.Serialize(expression)}\n");
            await File.WriteAllTextAsync(path, "groups:\n  - name: runbook\n    rules:\n" + string.Concat(rules));
            var (code, output) = await Promtool.RunAsync("check", "rules", path);

            Assert.True(code == 0, output);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
