using System.Text.RegularExpressions;
using SpamGuard.Desk.Audit;
using SpamGuard.Retention;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Every alert is told as the others are, and is shown to fire and to stay silent.</summary>
public sealed partial class AlertTests
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
    public void Pages_OfAllAlerts_AreFew() => Assert.InRange(RuleFiles.Alerts.Where(static rule => rule.Labels["severity"] == "page").DistinctBy(static rule => rule.Alert).Count(), 1, 13);

    [Fact]
    public void Pages_WhatTheySayToAlertOn_HasItsAlert()
    {
        var text = string.Join('\n', Pages.All.Select(Pages.Text));
        var hints = Condition().Matches(text).Select(static match => match.Groups["code"].Value)
            .Concat(Row().Matches(text).Select(static match => match.Groups["metric"].Value))
            .Concat(Watched().Matches(text).SelectMany(static match => Metric().Matches(match.Value)).Select(static match => match.Groups["metric"].Value))
            .SelectMany(PromQl.Selectors).Select(static selector => selector.Metric).Distinct(StringComparer.Ordinal).ToList();
        var alerted = RuleFiles.All.SelectMany(static rule => PromQl.Selectors(rule.Expr)).Select(static selector => selector.Metric);

        Assert.InRange(hints.Count, 20, int.MaxValue);
        Assert.Empty(hints.Except(alerted, StringComparer.Ordinal));
    }

    [Fact]
    public void StorePersists_SettingsOfTheDisk_AreThoseOfTheAuditor() => Assert.Contains(
        $"setting=~\"{string.Join('|', StoreSettings.OfTheDisk.Select(static setting => setting.Name))}\"", Of("SpamGuardStorePersists").Expr, StringComparison.Ordinal);

    [Fact]
    public void EpochOverdue_LengthsOfEpochs_AreThoseOfTheClasses() => Assert.All(
        RetentionClass.Salted, retention => Assert.Contains($"{{class=\"{retention.Name}\"}} > 0) - time() < {retention.EpochSeconds} - ", Of("SpamGuardEpochOverdue").Expr, StringComparison.Ordinal));

    private static Rule Of(string alert) => RuleFiles.Alerts.Single(rule => rule.ToString() == alert);

    private static bool Is(Rule rule, ExpectedAlert expected) => rule.Labels.All(label => expected.ExpLabels.TryGetValue(label.Key, out var value) && value == label.Value);

    // A condition in a code span: `increase(spamguard_…) > 0`.
    [GeneratedRegex(@"`(?<code>[^`\n]*spamguard_[^`\n]*( [<>] | == )[^`\n]*|(increase\(|time\(\) - )[^`\n]*spamguard_[^`\n]*)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Condition();

    // A row of a table that speaks of alerts.
    [GeneratedRegex(@"^\| `(?<metric>spamguard_\w+)` \|.*\balert\b", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Row();

    // A sentence that says what to watch.
    [GeneratedRegex(@"(\b[Ww]atch\b|\*\*Alerts\*\*)[^.]*`spamguard_[^.]*\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Watched();

    [GeneratedRegex(@"`(?<metric>spamguard_\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Metric();
}
