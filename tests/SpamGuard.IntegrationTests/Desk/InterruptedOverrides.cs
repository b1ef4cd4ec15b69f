using SpamGuard.Storage;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>The real store, where something happens right before and right after it is written.</summary>
internal sealed class InterruptedOverrides(IOverrideStore inner) : IOverrideStore
{
    public Action Before { get; set; } = static () => { };

    public Action After { get; set; } = static () => { };

    public ValueTask<IReadOnlyList<(OverrideId Id, long ExpireTime)>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public ValueTask<OperatorOverride?[]> ReadAsync(IReadOnlyList<OverrideId> ids, CancellationToken cancellationToken) => inner.ReadAsync(ids, cancellationToken);

    public ValueTask<int?> SetAsync(OperatorOverride said, IReadOnlyList<OverrideId> replaced, int replicas, CancellationToken cancellationToken) =>
        AroundAsync(() => inner.SetAsync(said, replaced, replicas, cancellationToken));

    public ValueTask<int> ClearAsync(OverrideId id, int replicas, CancellationToken cancellationToken) =>
        AroundAsync(() => inner.ClearAsync(id, replicas, cancellationToken));

    private async ValueTask<T> AroundAsync<T>(Func<ValueTask<T>> write)
    {
        Before();
        var written = await write();
        After();
        return written;
    }
}
