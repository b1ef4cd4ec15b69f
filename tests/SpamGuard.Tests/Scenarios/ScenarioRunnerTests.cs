using SpamGuard.Cli.Scenarios;
using SpamGuard.Cli.Scenarios.Gates;
using SpamGuard.Policies;

namespace SpamGuard.Tests.Scenarios;

public sealed class ScenarioRunnerTests
{
    private static readonly string[] Quick =
        ["campus", "cold conference", "burst", "warmed-up address", "IPv6", "spam servers", "recycled address", "same attack"];

    private static readonly ScoringPolicy TooSoon = ScoringPolicy.Default with
    {
        ChallengeFrom = .01, ThrottleFrom = .015, DenyFrom = .02, EvidenceNeeded = -9, HardBurst = .1, HardUnits = 0, HardShare = 0,
    };

    [Fact]
    public async Task Run_SameSeed_GivesTheSameFigures() =>
        Assert.Equal(await FiguresAsync(new ScenarioOptions { Seed = 7 }), await FiguresAsync(new ScenarioOptions { Seed = 7 }));

    [Fact]
    public async Task Run_PolicyThatDeniesTooSoon_LosesTheGatesOfTheHonest() =>
        Assert.Equal(
            [
                "campus: its surge of sign-ups | DENY 0",
                "campus: its surge of sign-ups | THROTTLE ≤ 35 %",
                "campus: messages | CHALLENGE < 4 %",
                "campus: messages | DENY 0",
                "cold conference: sign-ups | CHALLENGE ≤ 50 %",
                "cold conference: sign-ups | DENY 0",
                "recycled address: the household | DENY 0",
                "recycled address: the household | THROTTLE 0",
            ],
            Lost(await RunAsync(TooSoon)));

    [Fact]
    public async Task Run_PolicyThatNeverChallenges_LosesTheGatesOfAttackers() =>
        Assert.Equal(
            [
                "IPv6: from one /64 | CHALLENGE by #3",
                "IPv6: from one /64 | DENY by #15",
                "burst: sign-ups | CHALLENGE by #3",
                "burst: sign-ups | DENY by #8",
                "burst: sign-ups | THROTTLE by #5",
                "spam servers: messages | THROTTLE ≥ 95 %",
                "warmed-up address: sign-ups after 200 accounts a day | CHALLENGE by #6",
                "warmed-up address: sign-ups after 200 accounts a day | DENY by #30",
                "warmed-up address: sign-ups after 30 accounts a day | CHALLENGE by #6",
                "warmed-up address: sign-ups after 30 accounts a day | DENY by #30",
            ],
            Lost(await RunAsync(ScoringPolicy.Default with { ChallengeFrom = .9999 })));

    [Fact]
    public async Task Run_Cancelled_Ends()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ScenarioRunner(Options(new ScenarioOptions())).RunAsync(stop.Token));
    }

    [Fact]
    public async Task Run_ToldOfItsProgress_TellsItInOrder()
    {
        var told = new List<double>();

        await new ScenarioRunner(Options(new ScenarioOptions()), told.Add).RunAsync(CancellationToken.None);

        Assert.Equal(told.Order(), told);
        Assert.Equal(0, told[0]);
        Assert.InRange(told[^1], .7, 1);
    }

    private static ScenarioOptions Options(ScenarioOptions options) =>
        options with { Scenarios = [.. ScenarioCatalog.All.Where(scenario => Quick.Contains(scenario.Name))] };

    private static Task<ScenarioReport> RunAsync(ScoringPolicy policy) =>
        new ScenarioRunner(Options(new ScenarioOptions { Policy = policy })).RunAsync(CancellationToken.None);

    private static async Task<IEnumerable<string>> FiguresAsync(ScenarioOptions options) =>
        ScenarioTable.Of(await new ScenarioRunner(Options(options)).RunAsync(CancellationToken.None)).Lines();

    private static IEnumerable<string> Lost(ScenarioReport report, params string[] scenarios) =>
        report.Scenarios
            .Where(row => scenarios.Length == 0 || scenarios.Contains(row.Scenario))
            .SelectMany(row => row.Gates.Where(gate => gate.Outcome == GateResult.Fail).Select(gate => $"{row.Scenario}: {row.Part} | {gate.Gate}"))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}
