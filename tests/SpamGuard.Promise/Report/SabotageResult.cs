using SpamGuard.Promise.Sabotages;

namespace SpamGuard.Promise.Report;

/// <summary>What a sabotage did.</summary>
/// <param name="Sabotage">The switch.</param>
/// <param name="Deed">What it breaks.</param>
/// <param name="Expected">The clause that must fail.</param>
/// <param name="Failed">The clauses that failed.</param>
/// <param name="Seconds">How long the walk took.</param>
/// <param name="Omitted">What was not looked at in this walk, a clause each.</param>
/// <param name="Unexpected">What does not hold in clauses that it should have left alone.</param>
internal sealed record SabotageResult(
    string Sabotage, string Deed, string Expected, IReadOnlyList<string> Failed, double Seconds, IReadOnlyList<string> Omitted, IReadOnlyList<string> Unexpected)
{
    /// <summary>What came of a walk under it.</summary>
    public static SabotageResult Of(Sabotage sabotage, WalkReport report) => new(
        sabotage.Name,
        sabotage.Deed,
        sabotage.Clause,
        report.Failed,
        report.Seconds,
        [.. report.Clauses.Where(static clause => clause.Omitted is not null).Select(static clause => $"{clause.Clause}: {clause.Omitted}")],
        [.. report.Clauses.Where(clause => clause.Clause != sabotage.Clause).SelectMany(static clause => clause.Evidence.Where(static finding => !finding.Holds).Select(finding => $"{clause.Clause}: {finding.Fact}"))]);

    /// <summary>Whether its own clause failed.</summary>
    public bool IsNoticed => Failed.Contains(Expected, StringComparer.Ordinal);

    /// <summary>Whether its own clause failed, and no other.</summary>
    public bool AsExpected => Failed.Count == 1 && Failed[0] == Expected;
}
