using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>What Redis keeps under an address' own tokens, over the desk's connection.</summary>
/// <remarks>No budget and no breaker: nobody waits for a verdict here. What the driver throws never leaves this class.</remarks>
internal sealed class RedisSubjectStore(RedisConnection connection, Scripts scripts) : ISubjectStore
{
    /// <inheritdoc/>
    public async ValueTask<HeldKeys[]> ReadAsync(IReadOnlyList<SubjectToken> addresses, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var trip = connection.Trip("subject_read");
        try
        {
            var values = await Task.WhenAll(addresses.SelectMany(KeysOf).Select(key => connection.Database.StringGetAsync(key)));
            return [.. values.Chunk(2).Select(static pair => new HeldKeys(SignalRecord.Read((byte[]?)pair[0]), ReportList.Read(pair[1])))];
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e, trip);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ErasedKeys> EraseAsync(IReadOnlyList<SubjectToken> addresses, int replicas, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var trip = connection.Trip("subject_erase");
        try
        {
            var calls = addresses.GroupBy(address => connection.Slot(Keys.Reports(address))).Select(slot => EraseSlotAsync([.. slot.SelectMany(KeysOf)], replicas));
            var erased = await Task.WhenAll(calls);
            return new ErasedKeys(erased.Sum(static slot => slot.Records), erased.Sum(static slot => slot.ReportLists), erased.Min(static slot => slot.Replicas));
        }
        catch (Exception e) when (StoreFailures.Covers(e))
        {
            throw connection.Failure(e, trip, mayBeDone: true);
        }
    }

    // The record and the list of reports, in turn.
    private static RedisKey[] KeysOf(SubjectToken address) => [Keys.Subject(new SubjectKey(SubjectKind.Address, address)), Keys.Reports(address)];

    private async Task<ErasedKeys> EraseSlotAsync(RedisKey[] keys, int replicas)
    {
        var (answer, acknowledged) = await connection.EvalAsync(scripts.Erase, keys, [replicas == 0 ? 0 : 1], replicas);
        var gone = (int[])answer!;
        return new ErasedKeys(gone.Where(static (_, place) => place % 2 == 0).Sum(), gone.Where(static (_, place) => place % 2 == 1).Sum(), acknowledged);
    }
}
