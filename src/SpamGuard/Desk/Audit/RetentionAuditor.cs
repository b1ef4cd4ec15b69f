using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk.Audit;

/// <summary>
/// Walks every server of the store and holds it to the promise: no key without a time to live, none beyond its kind's cap, no setting by which
/// memory reaches a disk. It never reads a value. What breaks the promise is deleted, and told.
/// </summary>
/// <param name="store">As the auditor's user.</param>
/// <param name="keysPerSecond">How many keys it walks in a second at most.</param>
/// <param name="time">The clock of the pace.</param>
/// <param name="calendar">When the epochs of the store's salts begin and end.</param>
internal sealed class RetentionAuditor(AuditedStore store, int keysPerSecond, TimeProvider time, EpochCalendar calendar)
{
    /// <summary>One pass. That servers are away, or refuse, is in the report.</summary>
    /// <param name="dryRun">Whether to delete nothing. To walk frees expired keys all the same: that is what SCAN does.</param>
    /// <param name="cancellationToken">Gives it up between two pages.</param>
    public async Task<AuditReport> RunAsync(bool dryRun, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var pass = new AuditPass(store, new Pace(keysPerSecond, time), time, calendar, dryRun);
        var settings = new SettingsCheck(dryRun);
        var (servers, unknown) = await ServersAsync();

        // Masters first: what they free and delete, their replicas then free and delete as well.
        var visits = new List<ServerVisit>();
        foreach (var server in servers.OrderBy(static server => server.Role?.IsMaster == false))
        {
            visits.Add(await VisitAsync(server, pass, settings, cancellationToken));
        }

        // A replica that nobody named follows a master all the same, and holds what it holds.
        unknown += Math.Max(0, servers.Sum(static server => server.Role?.Replicas ?? 0) - servers.Count(static server => server.Role?.IsMaster == false));
        return new AuditReport(visits, unknown, pass.Tallies, pass.Foreign, pass.Remaining, settings.Findings, time.GetElapsedTime(began))
        {
            Refusals = settings.Refusals,
        };
    }

    private async Task<(IReadOnlyList<Found> Servers, int Unknown)> ServersAsync()
    {
        try
        {
            var (servers, unknown) = await store.ServersAsync();
            return (await Task.WhenAll(servers.Select(FindAsync)), unknown);
        }
        catch (StoreException)
        {
            return ([], 0);
        }
    }

    private static async Task<Found> FindAsync(AuditedServer server)
    {
        try
        {
            return server.IsConnected ? new Found(server, await server.RoleAsync(), Problem: null) : new Found(server, Role: null, VisitProblem.Away);
        }
        catch (StoreException e)
        {
            return new Found(server, Role: null, VisitProblems.Of(e));
        }
    }

    private static async Task<ServerVisit> VisitAsync(Found found, AuditPass pass, SettingsCheck settings, CancellationToken cancellationToken)
    {
        var (server, role, problem) = found;
        if (role is null)
        {
            settings.Unasked();
            return new ServerVisit(server.Name, IsMaster: null, Keys: 0, Expired: 0, problem);
        }

        try
        {
            await settings.AskAsync(server, role);
            var (alive, expired) = await pass.WalkAsync(server, role.IsMaster, cancellationToken);
            var after = await server.RoleAsync();
            var isSame = after.IsMaster == role.IsMaster && string.Equals(after.History, role.History, StringComparison.Ordinal);
            return new ServerVisit(server.Name, role.IsMaster, alive, expired, isSame ? null : VisitProblem.RoleChanged);
        }
        catch (StoreException e)
        {
            return new ServerVisit(server.Name, role.IsMaster, Keys: 0, Expired: 0, VisitProblems.Of(e));
        }
    }

    private sealed record Found(AuditedServer Server, ServerRole? Role, VisitProblem? Problem);
}
