namespace SpamGuard.Storage;

/// <summary>Reads what operators say. A failure of the store is a <see cref="StoreException"/>, which names no key.</summary>
internal interface IOverrideReader
{
    /// <summary>Which overrides there are, and when each ends.</summary>
    ValueTask<IReadOnlyList<(OverrideId Id, long ExpireTime)>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Reads overrides; one that is not there, or is none, comes back as <c>null</c>.</summary>
    ValueTask<OperatorOverride?[]> ReadAsync(IReadOnlyList<OverrideId> ids, CancellationToken cancellationToken);
}
