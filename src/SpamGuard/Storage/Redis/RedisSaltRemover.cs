using SpamGuard.Retention;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Takes records of epochs out of Redis, over the desk's connection.</summary>
internal sealed class RedisSaltRemover(RedisConnection connection) : ISaltRemover
{
    /// <inheritdoc/>
    public async ValueTask RemoveAsync(EpochId epoch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await connection.Database.ExecuteAsync("UNLINK", [Keys.Epoch(epoch)], CommandFlags.DemandMaster);
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e);
        }
    }
}
