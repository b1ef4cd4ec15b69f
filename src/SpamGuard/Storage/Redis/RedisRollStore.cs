using System.Security.Cryptography;
using SpamGuard.Retention;

namespace SpamGuard.Storage.Redis;

/// <summary>How the desk begins epochs anew in Redis, over its own connection. What the driver throws never leaves this class.</summary>
internal sealed class RedisRollStore(RedisConnection connection, Scripts scripts) : IRollStore
{
    /// <inheritdoc/>
    public async ValueTask<(EpochRecord? InForce, int Replicas)> PlantAsync(
        EpochId epoch, EpochRecord candidate, long deadline, int replicas, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var packed = candidate.Pack();
        using var trip = connection.Trip("epoch_plant");
        try
        {
            var (answer, acknowledged) = await connection.EvalAsync(scripts.Epoch, [Keys.Epoch(epoch)], [packed, deadline], replicas);
            CryptographicOperations.ZeroMemory(packed); // never after a failure: the driver may still be about to send it
            var held = (byte[]?)answer;
            var record = held is null ? null : EpochRecord.Read(held);
            CryptographicOperations.ZeroMemory(held);
            return (record, acknowledged);
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e, trip, mayBeDone: true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveAsync(EpochId epoch, int replicas, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var trip = connection.Trip("epoch_remove");
        try
        {
            return (await connection.EvalAsync(scripts.Erase, [Keys.Epoch(epoch)], [replicas == 0 ? 0 : 1], replicas)).Replicas;
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e, trip, mayBeDone: true);
        }
    }
}
