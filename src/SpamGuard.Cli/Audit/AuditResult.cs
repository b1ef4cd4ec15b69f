using SpamGuard.Desk.Audit;

namespace SpamGuard.Cli.Audit;

/// <summary>What a pass found, as <c>--json</c> prints it: names are a contract, and more may be added.</summary>
/// <param name="Outcome"><c>clean</c>, <c>violation</c> or <c>incomplete</c>.</param>
/// <param name="DryRun">Whether nothing was deleted.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <param name="Kinds">Every kind of key; of no kind is what begins like ours and is unknown.</param>
/// <param name="ForeignKeys">Keys of somebody else, left alone.</param>
/// <param name="ExpiredKeys">Expired keys met in memory.</param>
/// <param name="FaultyKeys">Keys that may not be there.</param>
/// <param name="DeletedKeys">Those of them that were deleted.</param>
/// <param name="RemainingKeys">Those of them that are still there.</param>
/// <param name="Settings">What the servers say of their settings.</param>
/// <param name="Servers">Every server that should be there.</param>
/// <param name="UnnamedServers">Servers that the store speaks of and to which there is no connection to try.</param>
internal sealed record AuditResult(
    string Outcome,
    bool DryRun,
    double DurationSeconds,
    IReadOnlyList<AuditedKind> Kinds,
    long ForeignKeys,
    long ExpiredKeys,
    long FaultyKeys,
    long DeletedKeys,
    long RemainingKeys,
    IReadOnlyList<AuditedSetting> Settings,
    IReadOnlyList<VisitedServer> Servers,
    int UnnamedServers)
{
    /// <summary>Of a report.</summary>
    public static AuditResult Of(AuditReport report, bool dryRun) => new(
        report.Outcome.ToString().ToLowerInvariant(),
        dryRun,
        Math.Round(report.Duration.TotalSeconds, 3),
        [.. report.Tallies.Select(AuditedKind.Of)],
        report.Foreign,
        report.Expired,
        KeyFaults.All.Sum(report.Found),
        KeyFaults.All.Sum(report.Deleted),
        report.Remaining,
        [.. report.Settings.Select(static finding => new AuditedSetting(finding.Setting.Name, finding.State.Name(), finding.Setting.Required, finding.Found))],
        [.. report.Visits.Select(static visit => new VisitedServer(visit.Server, Role(visit.IsMaster), visit.Keys, visit.Expired, visit.Problem?.Name()))],
        report.UnknownServers);

    private static string? Role(bool? isMaster) => isMaster switch { true => "master", false => "replica", null => null };
}

/// <summary>Keys of one kind.</summary>
/// <param name="Kind">How the keys begin; <c>sg:?</c> for what is of no kind.</param>
/// <param name="Class">The retention class, if any.</param>
/// <param name="CapSeconds">The longest that such a key may have left to live, if known.</param>
/// <param name="Keys">How many there are on masters.</param>
/// <param name="Copies">How many there are on replicas.</param>
/// <param name="LargestRemainingSeconds">The longest that one has left to live.</param>
/// <param name="WithoutTtl">How many had no time to live.</param>
/// <param name="OverCap">How many had longer than the cap.</param>
/// <param name="UnknownKind">How many are of no kind, and end in time.</param>
internal sealed record AuditedKind(
    string Kind, string? Class, long? CapSeconds, long Keys, long Copies, long LargestRemainingSeconds, long WithoutTtl, long OverCap, long UnknownKind)
{
    /// <summary>Of a tally.</summary>
    public static AuditedKind Of(KeyTally tally) => new(
        $"sg:{tally.Kind?.Letter ?? '?'}",
        tally.Kind?.Class.Name,
        tally.Kind?.CapSeconds,
        tally.Keys,
        tally.Copies,
        (tally.LargestRemaining + 999) / 1000,
        tally.Found(KeyFault.WithoutTtl),
        tally.Found(KeyFault.OverCap),
        tally.Found(KeyFault.UnknownKind));
}

/// <summary>One setting.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="State"><c>ok</c>, <c>wrong</c> or <c>unknown</c>.</param>
/// <param name="Required">What it must be.</param>
/// <param name="Found">What it is where that is wrong.</param>
internal sealed record AuditedSetting(string Setting, string State, string Required, IReadOnlyList<string> Found);

/// <summary>One server.</summary>
/// <param name="Server">Host and port.</param>
/// <param name="Role"><c>master</c> or <c>replica</c>, if it was told.</param>
/// <param name="Keys">Keys that were alive there.</param>
/// <param name="ExpiredKeys">Expired keys that were met there.</param>
/// <param name="Problem">Why the visit is not complete, if it is not: <c>away</c>, <c>refused</c> or <c>role_changed</c>.</param>
internal sealed record VisitedServer(string Server, string? Role, long Keys, long ExpiredKeys, string? Problem);
