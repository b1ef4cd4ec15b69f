using System.Collections.Concurrent;
using SpamGuard.Cli.Scenarios;

namespace SpamGuard.Tests.Scenarios;

/// <summary>
/// Every scenario in ten worlds, played once for all tests, as many at a time as there are processors. The rate sweep, half of all events, has nothing
/// of chance in it (a test holds that) and is played in the worlds of the first seed only.
/// </summary>
public sealed class ScenarioRuns : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(int Seed, double PhaseDays), ScenarioReport> _reports = new();

    public static IReadOnlyList<(int Seed, double PhaseDays)> Worlds { get; } =
        [.. from seed in Enumerable.Range(1, 5) from phase in new[] { 0, 1.7 } select (seed, phase)];

    public static TheoryData<int, double> Rows()
    {
        var rows = new TheoryData<int, double>();
        foreach (var (seed, phase) in Worlds)
        {
            rows.Add(seed, phase);
        }

        return rows;
    }

    public async Task InitializeAsync() => await Parallel.ForEachAsync(Worlds, async (world, cancellationToken) =>
        _reports[world] = await new ScenarioRunner(
            new ScenarioOptions { Seed = world.Seed, EpochPhase = TimeSpan.FromDays(world.PhaseDays), Scenarios = In(world.Seed) }).RunAsync(cancellationToken));

    public Task DisposeAsync() => Task.CompletedTask;

    private static IReadOnlyList<Scenario> In(int seed) =>
        seed == Worlds[0].Seed ? ScenarioCatalog.All : [.. ScenarioCatalog.All.Where(scenario => scenario.Name != "rate sweep")];

    internal ScenarioReport Of(int seed, double phaseDays) => _reports[(seed, phaseDays)];
}
