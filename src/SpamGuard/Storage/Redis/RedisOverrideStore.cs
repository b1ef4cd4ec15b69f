using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Overrides in Redis: read over the connection of any process, written over the desk's. What the driver throws never leaves this class.</summary>
internal sealed class RedisOverrideStore(RedisConnection connection, Scripts scripts) : IOverrideStore
{
    private static readonly byte[] None = [];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(OverrideId Id, long ExpireTime)>> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return OverrideIds.Read((byte[]?)await connection.Database.StringGetAsync(Keys.OverrideIds()));
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<OperatorOverride?[]> ReadAsync(IReadOnlyList<OverrideId> ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            RedisKey[] keys = [.. ids.Select(static id => (RedisKey)Keys.Override(id))];
            var values = connection.IsCluster
                ? await Task.WhenAll(keys.Select(key => connection.Database.StringGetAsync(key)))
                : await connection.Database.StringGetAsync(keys);
            return [.. values.Select((value, i) => OperatorOverride.Read(ids[i], (byte[]?)value))];
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int?> SetAsync(OperatorOverride said, IReadOnlyList<OverrideId> replaced, int replicas, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var trip = connection.Trip("override_set");
        try
        {
            // In a cluster they lie in different slots. Nothing is said before it is on the list, and what is no longer on it is said no more.
            var (_, saidOn) = await connection.EvalAsync(scripts.Override, [Keys.Override(said.Id)], [said.ExpireTime, said.Pack()], replicas);
            var (count, listedOn) = await ListAsync(OverrideIds.Entry(said.Id, said.ExpireTime), replaced, replicas);
            foreach (var id in count < 0 ? [said.Id] : replaced)
            {
                await UnlinkAsync(id, replicas: 0);
            }

            return count < 0 ? null : Math.Min(saidOn, listedOn);
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e, trip, mayBeDone: true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ClearAsync(OverrideId id, int replicas, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var trip = connection.Trip("override_clear");
        try
        {
            var (_, unlistedOn) = await ListAsync(None, [id], replicas);
            return Math.Min(unlistedOn, await UnlinkAsync(id, replicas));
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e, trip, mayBeDone: true);
        }
    }

    private async Task<(int Count, int Replicas)> ListAsync(byte[] added, IReadOnlyList<OverrideId> removed, int replicas)
    {
        var ids = new byte[removed.Count * OverrideIds.IdSize];
        for (var i = 0; i < removed.Count; i++)
        {
            OverrideIds.Write(removed[i], ids.AsSpan(i * OverrideIds.IdSize));
        }

        var (answer, acknowledged) = await connection.EvalAsync(scripts.OverrideIds, [Keys.OverrideIds()], [added, ids], replicas);
        return ((int)answer, acknowledged);
    }

    private async Task<int> UnlinkAsync(OverrideId id, int replicas) =>
        (await connection.EvalAsync(scripts.Erase, [Keys.Override(id)], [replicas == 0 ? 0 : 1], replicas)).Replicas;
}
