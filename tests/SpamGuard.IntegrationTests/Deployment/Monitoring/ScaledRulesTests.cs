namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>What the live test runs are the rules that are deployed, and nothing but faster.</summary>
public sealed class ScaledRulesTests
{
    [Theory]
    [InlineData("rate(a:ratio_rate5m[5m]) > 14.4 and b offset 1d > 86400", "rate(a:ratio_rate5m[5000ms]) > 14.4 and b offset 1440000ms > 86400")]
    [InlineData("""a{window="1",le="0.01"} > 0.5 * 2""", """a{window="1",le="0.01"} > 0.5 * 2""")]
    [InlineData("min by (namespace) (spamguard_store_outage_seconds) > 60", "min by (namespace) (spamguard_store_outage_seconds) > 1")]
    [InlineData("last_over_time(a[7d:1m])", "last_over_time(a[10080000ms:1000ms])")]
    [InlineData("15m", "15000ms")]
    public void Scale_SixtyTimesFaster_DividesDurationsOnly(string rule, string expected) => Assert.Equal(expected, ScaledRules.Scale(rule, 60));

    [Fact]
    public void Text_NoFaster_IsTheRulesAsTheyAre()
    {
        var scaled = RuleFiles.Parse(ScaledRules.Text(1)).Groups.SelectMany(static group => group.Rules);

        Assert.Equal(RuleFiles.All.Select(static rule => Words(rule, scale: true)), scaled.Select(static rule => Words(rule, scale: false)));
    }

    [Fact]
    public void Text_SixtyTimesFaster_LeavesNoDurationThatWasNotDivided()
    {
        var scaled = RuleFiles.Parse(ScaledRules.Text(60)).Groups.SelectMany(static group => group.Rules).ToList();

        Assert.Equal(RuleFiles.All.Count, scaled.Count);
        Assert.All(RuleFiles.All.Zip(scaled), static pair => Assert.Equal((pair.First.For is null, pair.First.KeepFiringFor is null), (pair.Second.For is null, pair.Second.KeepFiringFor is null)));
        Assert.All(RuleFiles.All.Zip(scaled), static pair => Assert.True(pair.First.Expr != pair.Second.Expr || !pair.First.Expr.Contains("m]", StringComparison.Ordinal), pair.First.ToString()));
    }

    // A duration is the same in whatever unit it is written.
    private static string Words(Rule rule, bool scale) => string.Join('\n', [
        rule.ToString(), .. new[] { rule.Expr, rule.For, rule.KeepFiringFor }.Select(text => scale && text is not null ? ScaledRules.Scale(text, 1) : text),
        .. rule.Labels.Concat(rule.Annotations).Select(static pair => $"{pair.Key}: {pair.Value}")]);
}
