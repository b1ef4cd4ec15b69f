using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>The store as the auditor sees it: every server of it, and the masters to delete on.</summary>
/// <param name="connection">Made as the auditor's user, with the settings to be asked for.</param>
internal sealed class AuditedStore(RedisConnection connection)
{
    /// <summary>Every server that should be there, whether or not it answers, and how many of them there is no connection to try.</summary>
    /// <exception cref="StoreException">The store is away.</exception>
    public async Task<(IReadOnlyList<AuditedServer> Servers, int Unknown)> ServersAsync()
    {
        if (!connection.IsCluster)
        {
            return ([.. connection.Servers.Select(static server => new AuditedServer(server))], 0);
        }

        // Of a cluster, what it says itself: the driver also remembers the names that it was first given, and nodes that left.
        var asked = connection.Servers.FirstOrDefault(static server => server.IsConnected)
            ?? throw new StoreException(StoreFailure.Unavailable, "The store can't be reached.");
        var nodes = await AskAsync(() => asked.ClusterNodesAsync());
        var known = connection.Servers.ToDictionary(static server => server.EndPoint);
        var there = (nodes?.Nodes ?? []).Where(static node => node.EndPoint is not null && !node.IsNoAddr).Select(node => known.GetValueOrDefault(node.EndPoint!)).ToList();
        return ([.. there.OfType<IServer>().Select(static server => new AuditedServer(server))], there.Count(static server => server is null));
    }

    /// <summary>What a key has left to live on its master, as <see cref="AuditedServer.RemainingAsync"/> says it.</summary>
    /// <exception cref="StoreException">The master is away or refuses.</exception>
    public async Task<long> RemainingAsync(RedisKey key) => (long)await AskAsync(() => connection.Database.ExecuteAsync("PTTL", [key], CommandFlags.DemandMaster));

    /// <summary>The clock of a key's master, in unix milliseconds; <c>null</c> where it does not tell it.</summary>
    /// <exception cref="StoreException">The master is away.</exception>
    public Task<long?> NowAsync(RedisKey key) => new AuditedServer(connection.Master(key)).NowAsync();

    /// <summary>Deletes a key on its master. Returns whether it was there.</summary>
    /// <exception cref="StoreException">The master is away or refuses.</exception>
    public async Task<bool> UnlinkAsync(RedisKey key) => (long)await AskAsync(() => connection.Database.ExecuteAsync("UNLINK", [key], CommandFlags.DemandMaster)) == 1;

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw StoreFailures.From(e);
        }
    }
}
