namespace SpamGuard.Cli.Scenarios.Gates;

/// <summary>What must hold of the verdicts on one part of a scenario.</summary>
/// <param name="Text">What, in words.</param>
/// <param name="Measure">Measures the part's answers; the second argument finds those of another part of the same scenario.</param>
internal sealed record Gate(string Text, Func<Answers, Func<string, Answers>, Measurement> Measure);
