namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>What Prometheus itself says of the rules, and what the alerts say of series that are made up.</summary>
public sealed class PromtoolTests
{
    public static TheoryData<string> TestFiles => [.. RuleFiles.TestPaths.Select(static path => Path.GetFileName(path))];

    [Fact]
    public async Task Rules_AsTheyAre_PassTheCheck()
    {
        var (code, output) = await Promtool.RunAsync(["check", "rules", .. RuleFiles.Paths]);

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Configuration_OfTheExample_PassesTheCheck()
    {
        var (code, output) = await Promtool.RunAsync("check", "config", "prometheus.yml");

        Assert.True(code == 0, output);
    }

    [Theory]
    [MemberData(nameof(TestFiles))]
    public async Task Alerts_OnSeriesThatAreMadeUp_SayWhatTheyAreToSay(string file)
    {
        var (code, output) = await Promtool.RunAsync("test", "rules", Path.Combine("tests", file));

        Assert.True(code == 0, output);
    }
}
