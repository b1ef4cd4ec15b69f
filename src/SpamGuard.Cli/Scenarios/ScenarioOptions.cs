using SpamGuard.Policies;

namespace SpamGuard.Cli.Scenarios;

/// <summary>In which world scenarios are played, and who judges.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>The events, their reports and the salts follow from it. 1 by default.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Shifts the epochs against the clock. 0 by default, as in a service.</summary>
    public TimeSpan EpochPhase { get; init; }

    /// <summary>Who lives in it. All by default.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; init; } = ScenarioCatalog.All;

    /// <summary>The policy that judges; its memories are switched by the mode.</summary>
    public ScoringPolicy Policy { get; init; } = ScoringPolicy.Default;

    /// <summary>The policy in a mode.</summary>
    public ScoringPolicy PolicyIn(ScenarioModes mode) =>
        Policy with { AccountMemory = mode == ScenarioModes.Memory, ContentMemory = mode == ScenarioModes.Memory };
}
