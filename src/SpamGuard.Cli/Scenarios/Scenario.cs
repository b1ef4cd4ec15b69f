using SpamGuard.Cli.Scenarios.World;

namespace SpamGuard.Cli.Scenarios;

/// <summary>One story of the synthetic world: who does what, and what the verdicts must be.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Modes">In which modes its events are part of the world.</param>
/// <param name="Write">Writes its events.</param>
/// <param name="Parts">What of it is judged, and how.</param>
internal sealed record Scenario(string Name, ScenarioModes Modes, Action<Script> Write, params IReadOnlyList<Part> Parts);
