using SpamGuard.IntegrationTests.Documents;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A rule on a series that nobody has is silent for ever: what rules, runbook and dashboards ask for is what a server shows.</summary>
public sealed class RuleSeriesTests(EverythingOnFixture server) : IClassFixture<EverythingOnFixture>
{
    private static readonly IReadOnlyList<Rule> Recorded = [.. RuleFiles.All.Where(static rule => rule.Record is not null)];

    [Fact]
    public async Task Expressions_OfRules_NameWhatTheServerShows()
    {
        var scrape = new Scrape(await server.MetricsAsync(), Recorded);

        Assert.All(RuleFiles.All.SelectMany(rule => scrape.Faults(rule.Expr).Select(fault => $"{rule}: {fault}")).Distinct(StringComparer.Ordinal), Assert.Fail);
    }

    [Fact]
    public async Task Expressions_OfTheRunbook_NameWhatTheServerShows()
    {
        var scrape = new Scrape(await server.MetricsAsync(), Recorded);

        Assert.NotEmpty(Runbook.Expressions);
        Assert.All(Runbook.Expressions.SelectMany(expression => scrape.Faults(expression).Select(fault => $"{expression}: {fault}")), Assert.Fail);
    }

    [Fact]
    public async Task Expressions_OfDashboards_NameWhatTheServerShows()
    {
        var scrape = new Scrape(await server.MetricsAsync(), Recorded);

        Assert.All(DashboardFiles.Panels.SelectMany(panel => panel.Queries.SelectMany(query => scrape.Faults(query.Expression).Select(fault => $"{panel}: {fault}"))), Assert.Fail);
        Assert.All(DashboardFiles.All.SelectMany(static dashboard => dashboard.VariableSeries).SelectMany(scrape.Faults), Assert.Fail);
    }

    [Theory]
    [InlineData("rate(spamguard_assessment_total[5m])", "spamguard_assessment_total is no series")]
    [InlineData("a{} == 0 or sum by (b) (rate(a[5m] offset 1d))", "b is a label of none of its series")]
    [InlineData("""sum(a{kind=~"x|y"}) > 1e3 and on (kind) a""", "a has no series with kind=~\"x|y\"")]
    [InlineData("""a{kind!="z"} * on (kind) group_left () a unless absent(a{colour="x"})""", "a has no series with kind!=\"z\"|a has no series with colour=\"x\"")]
    [InlineData("""group by (kind) (a{kind="x", job="b(c[d{e"}) < bool 0.5""", "")]
    public void Faults_PlantedName_IsReported(string expression, string expected) =>
        Assert.Equal(expected, string.Join('|', new Scrape("# TYPE a gauge\na{kind=\"x\"} 1\na 2\n", []).Faults(expression)));
}
