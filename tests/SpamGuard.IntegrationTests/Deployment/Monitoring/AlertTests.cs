using SpamGuard.Desk.Audit;
using SpamGuard.Retention;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Every alert is told as the others are, and is shown to fire and to stay silent.</summary>
public sealed class AlertTests
{
    private const string Runbook = "https://spamguard.example/RUNBOOK.md#";

    public static TheoryData<string> Alerts => [.. RuleFiles.Alerts.Select(static rule => rule.ToString())];

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Alert_InPromtoolsTests_FiresOnceAndStaysSilentOnce(string alert)
    {
        var rule = Of(alert);
        var cases = RuleFiles.Cases.Where(one => one.Alertname == rule.Alert).ToList();

        Assert.Contains(cases, one => one.ExpAlerts.Any(expected => Is(rule, expected)));
        Assert.Contains(cases, one => !one.ExpAlerts.Any(expected => Is(rule, expected)));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Alert_WhatItSays_IsWhoIsCalledWhatIsWrongAndWhatToDo(string alert)
    {
        var rule = Of(alert);

        Assert.Contains(rule.Labels["severity"], (string[])["page", "ticket"]);
        Assert.NotEmpty(rule.Annotations["summary"]);
        Assert.Contains("{{ $value", rule.Annotations["description"], StringComparison.Ordinal);
        Assert.Equal(Runbook + rule.Alert!.ToLowerInvariant(), rule.Annotations["runbook_url"]);
        Assert.Equal(["description", "runbook_url", "summary"], rule.Annotations.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Alerts_InPromtoolsTests_AreThoseThatThereAre() =>
        Assert.Equal(RuleFiles.AlertNames.Order(StringComparer.Ordinal), RuleFiles.Cases.Select(static one => one.Alertname).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void Pages_OfAllAlerts_AreFew() => Assert.InRange(RuleFiles.Alerts.Where(static rule => rule.Labels["severity"] == "page").DistinctBy(static rule => rule.Alert).Count(), 1, 12);

    [Fact]
    public void StorePersists_SettingsOfTheDisk_AreThoseOfTheAuditor() => Assert.Contains(
        $"setting=~\"{string.Join('|', StoreSettings.OfTheDisk.Select(static setting => setting.Name))}\"", Of("SpamGuardStorePersists").Expr, StringComparison.Ordinal);

    [Fact]
    public void EpochOverdue_LengthsOfEpochs_AreThoseOfTheClasses() => Assert.All(
        RetentionClass.Salted, retention => Assert.Contains($"{{class=\"{retention.Name}\"}} > 0) - time() < {retention.EpochSeconds} - ", Of("SpamGuardEpochOverdue").Expr, StringComparison.Ordinal));

    private static Rule Of(string alert) => RuleFiles.Alerts.Single(rule => rule.ToString() == alert);

    private static bool Is(Rule rule, ExpectedAlert expected) => rule.Labels.All(label => expected.ExpLabels.TryGetValue(label.Key, out var value) && value == label.Value);
}
