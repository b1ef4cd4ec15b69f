namespace SpamGuard.Promise.Report;

/// <summary>What a sabotage did.</summary>
/// <param name="Sabotage">The switch.</param>
/// <param name="Deed">What it breaks.</param>
/// <param name="Expected">The clause that must fail.</param>
/// <param name="Failed">The clauses that failed.</param>
/// <param name="NotWalked">The clauses that were not walked: those apart from what was broken.</param>
/// <param name="Seconds">How long the walk took.</param>
internal sealed record SabotageResult(string Sabotage, string Deed, string Expected, IReadOnlyList<string> Failed, IReadOnlyList<string> NotWalked, double Seconds)
{
    /// <summary>Whether its own clause failed, and no other.</summary>
    public bool AsExpected => Failed.Count == 1 && Failed[0] == Expected;
}
