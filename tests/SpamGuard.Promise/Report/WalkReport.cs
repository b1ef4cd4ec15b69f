namespace SpamGuard.Promise.Report;

/// <summary>One walk.</summary>
/// <param name="Sabotages">What was broken.</param>
/// <param name="Clauses">Every clause that was walked.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record WalkReport(IReadOnlyList<string> Sabotages, IReadOnlyList<ClauseResult> Clauses, double Seconds)
{
    /// <summary>The names of the clauses that do not hold.</summary>
    public IReadOnlyList<string> Failed => [.. Clauses.Where(static clause => !clause.Passed).Select(static clause => clause.Clause)];

    /// <summary>What the program exits with.</summary>
    public int ExitCode => Failed.Count == 0 ? ExitCodes.Holds : ExitCodes.Broken;
}
