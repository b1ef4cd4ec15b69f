namespace SpamGuard.Promise.Report;

/// <summary>Every sabotage.</summary>
/// <param name="Sabotages">How each fared.</param>
/// <param name="Walks">In how many walks they were broken, without those that were repeated.</param>
/// <param name="Seconds">How long all took.</param>
internal sealed record SabotageReport(IReadOnlyList<SabotageResult> Sabotages, int Walks, double Seconds)
{
    /// <summary>What the program exits with.</summary>
    public int ExitCode => Sabotages.All(static sabotage => sabotage.AsExpected) ? ExitCodes.Holds : ExitCodes.Broken;
}
