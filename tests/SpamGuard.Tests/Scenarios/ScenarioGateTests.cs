using SpamGuard.Cli.Scenarios;
using SpamGuard.Cli.Scenarios.Gates;

namespace SpamGuard.Tests.Scenarios;

/// <summary>What the product must do in the synthetic world, whatever the seed and wherever the epochs begin.</summary>
public sealed class ScenarioGateTests(ScenarioRuns runs) : IClassFixture<ScenarioRuns>
{
    [Theory]
    [MemberData(nameof(ScenarioRuns.Rows), MemberType = typeof(ScenarioRuns))]
    public void Run_AnyWorld_LosesNoGate(int seed, double phaseDays)
    {
        var report = runs.Of(seed, phaseDays);

        Assert.Equal([], Gates(report, GateResult.Fail));
        Assert.Equal((seed == 1 ? 165 : 101, 0), (report.Gates, report.Lost));
    }

    [Theory]
    [MemberData(nameof(ScenarioRuns.Rows), MemberType = typeof(ScenarioRuns))]
    public void Run_AnyWorld_MissesWhatTheGuideSays(int seed, double phaseDays) =>
        Assert.Equal(
            ["members_only flood of messages: messages", "memory scattered botnet: first wave: sign-ups"],
            Gates(runs.Of(seed, phaseDays), GateResult.DocumentedMiss).Select(text => text[..text.IndexOf(" |", StringComparison.Ordinal)]));

    [Fact]
    public void Run_AnotherSeedOrPhase_IsAnotherWorld()
    {
        var reports = ScenarioRuns.Worlds.Select(world => Figures(runs.Of(world.Seed, world.PhaseDays)));

        Assert.Equal(ScenarioRuns.Worlds.Count, reports.Distinct(StringComparer.Ordinal).Count());
    }

    private static IEnumerable<string> Gates(ScenarioReport report, GateResult result) =>
        from row in report.Scenarios
        from gate in row.Gates
        where gate.Outcome == result
        select FormattableString.Invariant($"{row.Mode} {row.Scenario}: {row.Part} | {gate.Gate} | {gate.Measured}");

    private static string Figures(ScenarioReport report) => string.Join('\n', ScenarioTable.Of(report).Lines());
}
