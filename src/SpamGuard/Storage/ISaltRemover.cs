using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>Takes an epoch's record out of the store. Only the desk may.</summary>
internal interface ISaltRemover
{
    /// <summary>Takes it away, whatever it is. To repeat it does no harm.</summary>
    /// <exception cref="StoreException">The store did not answer: it may be there or not.</exception>
    ValueTask RemoveAsync(EpochId epoch, CancellationToken cancellationToken);
}
