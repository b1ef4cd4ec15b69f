namespace SpamGuard.Storage;

/// <summary>How the desk puts overrides in force and out of it. An override counts as soon as it is on the list, and no longer than that.</summary>
internal interface IOverrideStore : IOverrideReader
{
    /// <summary>Puts one in force, and in the same step others out of it. To repeat it does no harm.</summary>
    /// <param name="said">The override.</param>
    /// <param name="replaced">Those that it stands in for.</param>
    /// <param name="replicas">How many replicas are waited for; 0 asks none.</param>
    /// <param name="cancellationToken">Not looked at once something is written.</param>
    /// <returns>How many replicas have done the same; <c>null</c> where there are <see cref="OverrideIds.Most"/> already: nothing was done.</returns>
    /// <exception cref="StoreException">The store did not answer: it may be in force or not.</exception>
    ValueTask<int?> SetAsync(OperatorOverride said, IReadOnlyList<OverrideId> replaced, int replicas, CancellationToken cancellationToken);

    /// <summary>Puts one out of force and takes it away. To repeat it does no harm.</summary>
    /// <returns>How many replicas have done the same; 0 where none were asked.</returns>
    /// <exception cref="StoreException">The store did not answer: it may be in force still.</exception>
    ValueTask<int> ClearAsync(OverrideId id, int replicas, CancellationToken cancellationToken);
}
