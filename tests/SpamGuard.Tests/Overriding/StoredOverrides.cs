using SpamGuard.Storage;

namespace SpamGuard.Tests.Overriding;

/// <summary>Stands for the store of overrides where no server is: what it holds, and what was read of it.</summary>
internal sealed class StoredOverrides : IOverrideReader
{
    public Dictionary<OverrideId, OperatorOverride?> Held { get; } = [];

    public List<OverrideId> Read { get; } = [];

    public int Lists { get; private set; }

    public bool IsAway { get; set; }

    public void Add(OperatorOverride said) => Held[said.Id] = said;

    public ValueTask<IReadOnlyList<(OverrideId Id, long ExpireTime)>> ListAsync(CancellationToken cancellationToken)
    {
        ThrowIfAway();
        Lists++;
        return new([.. Held.Select(static pair => (pair.Key, pair.Value?.ExpireTime ?? 0))]);
    }

    public ValueTask<OperatorOverride?[]> ReadAsync(IReadOnlyList<OverrideId> ids, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        Read.AddRange(ids);
        return new([.. ids.Select(id => Held.GetValueOrDefault(id))]);
    }

    private void ThrowIfAway()
    {
        if (IsAway)
        {
            throw new StoreException(StoreFailure.Timeout, "Away.");
        }
    }
}
