using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>How the desk begins epochs anew: as <see cref="ISignalStore.EpochAsync"/>, but known to replicas, and what is none may be taken away.</summary>
internal interface IRollStore
{
    /// <summary>Plants a record where there is none or one of a lower generation, and waits until replicas have it too.</summary>
    /// <returns>What is in force after that, and how many replicas have acknowledged it; 0 where none were asked.</returns>
    /// <exception cref="StoreException">The store did not answer, or what it holds is no record.</exception>
    ValueTask<(EpochRecord? InForce, int Replicas)> PlantAsync(EpochId epoch, EpochRecord candidate, long deadline, int replicas, CancellationToken cancellationToken);

    /// <summary>Takes away whatever stands for an epoch's record, and waits until replicas have done the same.</summary>
    /// <returns>How many replicas have; 0 where none were asked.</returns>
    /// <exception cref="StoreException">The store did not answer.</exception>
    ValueTask<int> RemoveAsync(EpochId epoch, int replicas, CancellationToken cancellationToken);
}
