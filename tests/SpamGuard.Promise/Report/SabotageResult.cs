using SpamGuard.Promise.Sabotages;

namespace SpamGuard.Promise.Report;

/// <summary>What a sabotage did.</summary>
/// <param name="Sabotage">The switch.</param>
/// <param name="Deed">What it breaks.</param>
/// <param name="Expected">The clause that must fail.</param>
/// <param name="Beside">What else was broken in the same walk.</param>
/// <param name="Failed">The clauses that failed, without those that were to fail for what else was broken.</param>
/// <param name="Seconds">How long the walk took.</param>
/// <param name="Omitted">What was not looked at in this walk, a clause each.</param>
/// <param name="Unexpected">What does not hold in clauses that it should have left alone.</param>
internal sealed record SabotageResult(
    string Sabotage, string Deed, string Expected, IReadOnlyList<string> Beside, IReadOnlyList<string> Failed, double Seconds, IReadOnlyList<string> Omitted, IReadOnlyList<string> Unexpected)
{
    /// <summary>What came of a walk under it.</summary>
    /// <param name="sabotage">It.</param>
    /// <param name="broken">All that was broken.</param>
    /// <param name="report">The walk.</param>
    public static SabotageResult Of(Sabotage sabotage, SabotageSet broken, WalkReport report) => new(
        sabotage.Name,
        sabotage.Deed,
        sabotage.Clause,
        [.. broken.All.Where(other => other != sabotage).Select(static other => other.Name)],
        [.. report.Failed.Where(clause => clause == sabotage.Clause || !broken.Breaks(clause))],
        report.Seconds,
        [.. report.Clauses.Where(static clause => clause.Omitted is not null).Select(static clause => $"{clause.Clause}: {clause.Omitted}")],
        [.. report.Clauses.Where(clause => !broken.Breaks(clause.Clause)).SelectMany(static clause => clause.Evidence.Where(static finding => !finding.Holds).Select(finding => $"{clause.Clause}: {finding.Fact}"))]);

    /// <summary>Whether its own clause failed.</summary>
    public bool IsNoticed => Failed.Contains(Expected, StringComparer.Ordinal);

    /// <summary>Whether its own clause failed, and no other.</summary>
    public bool AsExpected => Failed.Count == 1 && Failed[0] == Expected;
}
