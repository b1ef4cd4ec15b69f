using System.Globalization;
using System.Text.RegularExpressions;
using SpamGuard.Retention;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>The dashboards are what their source makes, ask what Prometheus understands, and say of every number the same as the alerts. <c>SPAMGUARD_WRITE_DASHBOARDS=1</c> writes them anew.</summary>
public sealed partial class DashboardTests
{
    // Which alert a threshold is of is told by its colour.
    private static readonly Dictionary<string, string> Severities = new(StringComparer.Ordinal) { ["orange"] = "ticket", ["red"] = "page" };

    public static TheoryData<string> Panels => [.. DashboardFiles.Panels.Select(static panel => panel.ToString())];

    [Fact]
    public void Files_TheirText_IsWhatTheSourceMakes()
    {
        var made = DashboardFiles.Make();
        if (Environment.GetEnvironmentVariable("SPAMGUARD_WRITE_DASHBOARDS") == "1")
        {
            foreach (var (name, text) in made)
            {
                File.WriteAllText(Path.Combine(DashboardFiles.Folder, name), text);
            }
        }

        Assert.Equal(made.Keys.Order(StringComparer.Ordinal), DashboardFiles.All.Select(static one => Path.GetFileName(one.Path)));
        Assert.All(made, file => Assert.Equal(file.Value, File.ReadAllText(Path.Combine(DashboardFiles.Folder, file.Key))));
    }

    [Fact]
    public void Dashboards_AllOfThem_TakeDatasourceNamespaceAndPodFromVariables() => Assert.All(DashboardFiles.All, static dashboard =>
    {
        Assert.Equal(["runbook", "datasource", "namespace", "pod"], dashboard.Variables);
        Assert.All(dashboard.Datasources, static uid => Assert.Equal("${datasource}", uid));
        Assert.Equal(Path.GetFileNameWithoutExtension(dashboard.Path), dashboard.Uid);
    });

    [Fact]
    public void Dashboards_AllOfThem_AreProvidedByTheComponentAndNamedOnThePage()
    {
        var component = File.ReadAllText(Path.Combine(RuleFiles.Folder, "kustomization.yaml"));
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "README.md"));

        Assert.All(DashboardFiles.All, one => Assert.Contains($"files: [dashboards/{Path.GetFileName(one.Path)}]", component, StringComparison.Ordinal));
        Assert.All(DashboardFiles.All, one => Assert.Contains($"`{one.Uid}`", page, StringComparison.Ordinal));
        Assert.Contains("grafana.yml", page, StringComparison.Ordinal);
        Assert.Contains("grafana_dashboard", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Panels))]
    public void Panel_EachOfThem_SaysItsUnitWhatItIsAndWhichAlertsItBelongsTo(string name)
    {
        var panel = Panel(name);

        Assert.NotEmpty(panel.Unit);
        Assert.EndsWith(".", panel.Description, StringComparison.Ordinal);
        Assert.All(panel.Links, static link =>
        {
            Assert.Contains(link.Title, RuleFiles.AlertNames);
            Assert.Equal($"${{runbook}}#{link.Title.ToLowerInvariant()}", link.Url);
        });
        Assert.All(panel.Queries, static query => Assert.NotEmpty(query.Legend)); // else Grafana shows the expression
        Assert.All(panel.Queries.Where(static query => !IsForAll(query)), static query => Assert.Contains("namespace=\"$namespace\"", query.Expression, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Panels))]
    public void Thresholds_OfAPanel_AreTheNumbersOfItsAlerts(string name)
    {
        var panel = Panel(name);
        var isFloor = panel.Thresholds[0].Color != "green"; // then the colour of a number is the one below it

        Assert.All(panel.Thresholds.Skip(1).Zip(isFloor ? panel.Thresholds : panel.Thresholds.Skip(1), static (step, colored) => (step.Value!.Value, colored.Color)), step =>
        {
            var alerts = RuleFiles.Alerts.Where(rule => panel.Links.Any(link => link.Title == rule.Alert) && rule.Labels["severity"] == Severities.GetValueOrDefault(step.Color, rule.Labels["severity"])).ToList();
            Assert.NotEmpty(alerts);

            // 0 and 1 are bounds (a budget, a cap), and a half is more than none of what is counted.
            Assert.Contains(step.Value, alerts.SelectMany(Numbers).Concat(alerts.Any(static rule => AnyAtAll().IsMatch(rule.Expr)) ? [0, 1, .5] : [0, 1]));
        });
    }

    [Fact]
    public void Alerts_AllOfThem_HaveAPanel() =>
        Assert.Empty(RuleFiles.AlertNames.Except(DashboardFiles.Panels.SelectMany(static panel => panel.Links).Select(static link => link.Title), StringComparer.Ordinal));

    [Fact]
    public void Caps_OfRetention_AreThoseOfTheService() => Assert.Equal(
        [
            .. ((RetentionClass[])[RetentionClass.Address, RetentionClass.Network, RetentionClass.Aggregate]).Select(static retention => (retention.Name, retention.CapSeconds)),
            ("salt", RetentionClass.Salted.Max(static retention => retention.CapSeconds) + 900),
        ],
        DashboardFiles.Panels.SelectMany(static panel => panel.Queries).Select(static query => Cap().Match(query.Expression)).Where(static match => match.Success)
            .Select(static match => (match.Groups["class"].Value, long.Parse(match.Groups["cap"].Value, CultureInfo.InvariantCulture))));

    [Fact]
    public async Task Expressions_AllOfThem_AreExpressions()
    {
        var (code, output) = await Promtool.CheckExpressionsAsync(
            DashboardFiles.Panels.SelectMany(static panel => panel.Queries).Select(static query => DashboardQuery.Resolve(query.Expression, rateInterval: "1m", range: "6h")));

        Assert.True(code == 0, output);
    }

    private static DashboardPanel Panel(string name) => DashboardFiles.Panels.Single(panel => panel.ToString() == name);

    // An objective, a floor: a number that is of no namespace.
    private static bool IsForAll(DashboardQuery query) =>
        RuleFiles.All.Any(rule => rule.Record is not null && rule.Expr.StartsWith("vector(", StringComparison.Ordinal) && query.Expression.StartsWith(rule.Record, StringComparison.Ordinal));

    // Those of the rule and of what it asks for that is recorded: by themselves, and what comes of two with a sign between them.
    private static IEnumerable<double> Numbers(Rule rule)
    {
        var recorded = RuleFiles.All.Where(other => other.Record is not null && rule.Expr.Contains(other.Record, StringComparison.Ordinal)).Select(static other => other.Expr);
        foreach (var text in recorded.Append(rule.Expr))
        {
            foreach (var match in Number().Matches(text).Cast<Match>())
            {
                yield return double.Parse(match.Value, CultureInfo.InvariantCulture);
            }

            foreach (var match in Pair().Matches(text).Cast<Match>())
            {
                var (left, right) = (double.Parse(match.Groups["left"].Value, CultureInfo.InvariantCulture), double.Parse(match.Groups["right"].Value, CultureInfo.InvariantCulture));
                yield return match.Groups["sign"].Value == "*" ? left * right : left - right;
            }
        }
    }

    [GeneratedRegex(@"(?<![\w.])[0-9]+(\.[0-9]+)?(?![\w.])", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<![\w.])(?<left>[0-9.]+) (?<sign>[*-]) (?<right>[0-9.]+)(?![\w.])", RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();

    [GeneratedRegex("> 0$", RegexOptions.Multiline)]
    private static partial Regex AnyAtAll();

    [GeneratedRegex("""spamguard_max_remaining_ttl_seconds\{[^}]*class="(?<class>\w+)"\}\) / (?<cap>[0-9]+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Cap();
}
