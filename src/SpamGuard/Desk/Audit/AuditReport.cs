using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk.Audit;

/// <summary>How a pass ended.</summary>
internal enum AuditOutcome
{
    /// <summary>Everything was seen, and all of it is as it must be.</summary>
    Clean,

    /// <summary>Everything was seen. A key was not as it must be, though it may be deleted now, or a setting is wrong or unknown.</summary>
    Violation,

    /// <summary>Not everything was seen. What was not seen is never taken for clean.</summary>
    Incomplete,
}

/// <summary>What one pass found.</summary>
/// <param name="Visits">Every server that should be there.</param>
/// <param name="UnknownServers">Servers that the store speaks of and to which there is no connection to try.</param>
/// <param name="Tallies">Counts by kind, and at last of what is of no kind.</param>
/// <param name="Foreign">Keys that do not begin as ours do, or lie in another database.</param>
/// <param name="Remaining">Keys with a fault that are still there.</param>
/// <param name="Settings">What the servers say of their settings.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record AuditReport(
    IReadOnlyList<ServerVisit> Visits,
    int UnknownServers,
    IReadOnlyList<KeyTally> Tallies,
    long Foreign,
    long Remaining,
    IReadOnlyList<SettingFinding> Settings,
    TimeSpan Duration)
{
    /// <summary>Whom the servers refused something, as their ACL logs said before they were emptied.</summary>
    public IReadOnlyList<StoreRefusal> Refusals { get; init; } = [];

    /// <summary>Whether any server answered.</summary>
    public bool IsReached => Visits.Any(static visit => visit.IsMaster is not null);

    /// <summary>Whether every server was walked from beginning to end.</summary>
    public bool IsComplete => UnknownServers == 0 && Visits.Any(static visit => visit.IsMaster == true) && Visits.All(static visit => visit.Problem is null);

    /// <summary>How it ended.</summary>
    public AuditOutcome Outcome =>
        !IsComplete ? AuditOutcome.Incomplete
        : KeyFaults.All.Any(fault => Found(fault) > 0) || Settings.Any(static finding => finding.State != SettingState.Ok) ? AuditOutcome.Violation
        : AuditOutcome.Clean;

    /// <summary>Expired keys that were met in memory.</summary>
    public long Expired => Visits.Sum(static visit => visit.Expired);

    /// <summary>Keys with a fault.</summary>
    public long Found(KeyFault fault) => Tallies.Sum(tally => tally.Found(fault));

    /// <summary>Keys with a fault that were deleted.</summary>
    public long Deleted(KeyFault fault) => Tallies.Sum(tally => tally.DeletedOf(fault));
}
