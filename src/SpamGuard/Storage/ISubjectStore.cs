using SpamGuard.Addresses;
using SpamGuard.Records;

namespace SpamGuard.Storage;

/// <summary>What the store keeps under an address' own tokens: all of it but answers to retries, which last a minute. Only the desk may take it away.</summary>
internal interface ISubjectStore
{
    /// <summary>Reads what is held.</summary>
    /// <returns>For each token, in the same order.</returns>
    /// <exception cref="StoreException">The store did not answer.</exception>
    ValueTask<HeldKeys[]> ReadAsync(IReadOnlyList<SubjectToken> addresses, CancellationToken cancellationToken);

    /// <summary>Takes it away, and waits until replicas have done the same. To repeat it does no harm.</summary>
    /// <param name="addresses">The tokens of one address, one for each epoch.</param>
    /// <param name="replicas">How many replicas of each master are waited for; 0 asks none.</param>
    /// <param name="cancellationToken">Stops waiting; what is done by then is done.</param>
    /// <exception cref="StoreException">The store did not answer: some of it may be gone.</exception>
    ValueTask<ErasedKeys> EraseAsync(IReadOnlyList<SubjectToken> addresses, int replicas, CancellationToken cancellationToken);
}

/// <summary>What is held under one token.</summary>
/// <param name="Record">The address' record; <c>default</c> where there is none.</param>
/// <param name="Reports">Who reported the address; empty where nobody is remembered.</param>
internal readonly record struct HeldKeys(SignalRecord Record, ReportList Reports)
{
    /// <summary>Whether there is nothing.</summary>
    public bool IsNothing => !Record.Exists && Reports.Count == 0;
}

/// <summary>What was taken away.</summary>
/// <param name="Records">Records of the address, one an epoch.</param>
/// <param name="ReportLists">Lists of who reported it, one an epoch.</param>
/// <param name="Replicas">How many replicas have done the same, of the master that has the fewest; 0 where none were asked.</param>
internal readonly record struct ErasedKeys(int Records, int ReportLists, int Replicas);
