using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Epochs;

/// <summary>A store on the far end of a slow line: something happens while its time is on the way.</summary>
internal sealed class SlowStore(ISignalStore store, Action meanwhile) : ISignalStore
{
    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken) =>
        store.ObserveAsync(events, cancellationToken);

    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken) =>
        store.ReportAsync(reports, cancellationToken);

    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken) =>
        store.ReadAsync(subjects, cancellationToken);

    public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken) =>
        store.EpochAsync(epoch, candidate, deadline, cancellationToken);

    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken) =>
        store.AddAsync(additions, cancellationToken);

    public ValueTask<long> TimeAsync(CancellationToken cancellationToken)
    {
        meanwhile();
        return store.TimeAsync(cancellationToken);
    }
}
