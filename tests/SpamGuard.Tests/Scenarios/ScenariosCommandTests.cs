using System.Text.Json;
using SpamGuard.Cli;
using SpamGuard.Cli.Scenarios;
using SpamGuard.Policies;
using SpamGuard.Tests.Cli;

namespace SpamGuard.Tests.Scenarios;

public sealed class ScenariosCommandTests
{
    private static readonly ScenarioOptions Burst = new() { Scenarios = [.. ScenarioCatalog.All.Where(scenario => scenario.Name == "burst")] };

    [Fact]
    public async Task Run_EveryGateHolds_PrintsALineAGateAndExitsWith0()
    {
        var (code, output, errors) = await RunAsync(Burst, json: false);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Equal("6 gates, 0 lost." + Environment.NewLine, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(7, lines.Length);
        Assert.Equal(
            "scenario\tmode\tevents\tALLOW\tCHALLENGE\tTHROTTLE\tDENY\tfirst CHALLENGE\tfirst THROTTLE\tfirst DENY\tgate\tmeasured\tmargin\tresult", lines[0]);
        Assert.Equal("burst: sign-ups\tmembers_only\t50\t4 %\t2 %\t8 %\t86 %\t3\t4\t8\tCHALLENGE by #3\t3\t0 %\tpass", lines[1]);
        Assert.Equal("burst: sign-ups\tmemory\t50\t4 %\t2 %\t8 %\t86 %\t3\t4\t8\tTHROTTLE by #5\t4\t20 %\tpass", lines[5]);
    }

    [Fact]
    public async Task Run_OneGateLost_SaysWhichAndExitsWith6()
    {
        var (code, output, errors) = await RunAsync(Burst with { Policy = ScoringPolicy.Default with { DenyFrom = .99 } }, json: false);

        Assert.Equal(ExitCodes.VerificationFailed, code);
        Assert.Equal("6 gates, 2 lost." + Environment.NewLine, errors);
        var lost = output.Split('\n').Where(line => line.TrimEnd().EndsWith("FAIL", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lost.Count);
        Assert.All(lost, line => Assert.Contains("DENY by #8", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Json_PrintsTheSame()
    {
        var (_, output, _) = await RunAsync(Burst with { Seed = 3, EpochPhase = TimeSpan.FromDays(1.7) }, json: true);

        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        Assert.Equal(
            [3, 146_880, 6, 0], new[] { "seed", "epoch_phase_seconds", "gates", "lost" }.Select(name => root.GetProperty(name).GetInt32()));
        var row = root.GetProperty("scenarios")[0];
        Assert.Equal(
            ["scenario", "part", "mode", "events", "allow", "challenge", "throttle", "deny", "first_challenge", "first_throttle", "first_deny", "gates"],
            row.EnumerateObject().Select(property => property.Name));
        var gate = row.GetProperty("gates")[1];
        Assert.Equal(
            """{"gate":"THROTTLE by #5","measured":4,"limit":5,"margin":0.2,"result":"pass"}""", JsonSerializer.Serialize(gate));
    }

    [Theory]
    [InlineData("scenarios --epoch-phase 3", "--epoch-phase is a number and s, m, h or d")]
    [InlineData("scenarios --seed one", "one")]
    [InlineData("scenarios now", "now")]
    public async Task Run_OptionThatCannotBeTaken_ExitsWith2(string arguments, string complaint)
    {
        var (code, output, errors) = await CommandLines.RunAsync(arguments);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Contains(complaint, errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(ScenarioOptions options, bool json)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await ScenariosCommand.RunAsync(options, new Terminal(output, errors, _ => null), json, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
