using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>What Redis, Garnet and the in-process store all do, with the same bytes.</summary>
/// <remarks>
/// Every write carries its absolute deadline and is refused as a whole where one of its deadlines is past or beyond the cap of its kind.
/// Time is the store's. A failure of the store is a <see cref="StoreException"/>, which names no key.
/// </remarks>
internal interface ISignalStore
{
    /// <summary>Counts events, in order; an update never looks at another subject's record, so the items may be any of them.</summary>
    /// <returns>A reply per event, in the same order.</returns>
    ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken);

    /// <summary>Counts reports, in order.</summary>
    /// <returns>A reply per report, in the same order.</returns>
    ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken);

    /// <summary>Reads records as they are and counts nothing; absent ones come back as <c>default</c>.</summary>
    ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken);

    /// <summary>
    /// Reads an epoch's record, or plants the one given where there is none or one of a lower generation. Answers what is in force after that,
    /// <c>null</c> where nothing was given and nothing is there.
    /// </summary>
    /// <param name="epoch">Which epoch.</param>
    /// <param name="candidate">A record to plant, or <c>null</c> to read only.</param>
    /// <param name="deadline">Unix second at which the record is gone.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken);

    /// <summary>Adds to aggregates and answers their totals after that, in the same order; what is all zero is only read.</summary>
    ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken);

    /// <summary>The store's clock, in unix milliseconds.</summary>
    ValueTask<long> TimeAsync(CancellationToken cancellationToken);
}
