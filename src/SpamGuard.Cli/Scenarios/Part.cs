using SpamGuard.Cli.Scenarios.Gates;

namespace SpamGuard.Cli.Scenarios;

/// <summary>Events of a scenario that are judged together.</summary>
/// <param name="Name">What the generator calls them. A name may occur twice, with other gates in other modes.</param>
/// <param name="Modes">In which modes the gates hold.</param>
/// <param name="Gates">What must hold; none where the figures are only printed.</param>
internal sealed record Part(string Name, ScenarioModes Modes, params IReadOnlyList<Gate> Gates);
