using SpamGuard.Cli.Scenarios.Gates;

namespace SpamGuard.Cli.Scenarios;

/// <summary>How all scenarios fared.</summary>
/// <param name="Seed">What the world followed from.</param>
/// <param name="EpochPhaseSeconds">How far the epochs were shifted.</param>
/// <param name="Scenarios">A row per part and mode.</param>
internal sealed record ScenarioReport(int Seed, double EpochPhaseSeconds, IReadOnlyList<ScenarioRow> Scenarios)
{
    /// <summary>How many gates were measured; documented misses are none.</summary>
    public int Gates => Count(result => result is GateResult.Pass or GateResult.Fail);

    /// <summary>How many of them were lost.</summary>
    public int Lost => Count(result => result == GateResult.Fail);

    private int Count(Func<GateResult, bool> counts) => Scenarios.Sum(row => row.Gates.Count(gate => counts(gate.Outcome)));
}
