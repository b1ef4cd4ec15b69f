using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Scoring;

/// <summary>Counts the calls to a store that a scorer makes for an event.</summary>
internal sealed class CountingStore(ISignalStore inner) : ISignalStore
{
    public int Calls { get; private set; }

    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken)
    {
        Calls++;
        return inner.ObserveAsync(events, cancellationToken);
    }

    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken)
    {
        Calls++;
        return inner.ReportAsync(reports, cancellationToken);
    }

    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken)
    {
        Calls++;
        return inner.ReadAsync(subjects, cancellationToken);
    }

    public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken) =>
        inner.EpochAsync(epoch, candidate, deadline, cancellationToken);

    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken)
    {
        Calls++;
        return inner.AddAsync(additions, cancellationToken);
    }

    public ValueTask<long> TimeAsync(CancellationToken cancellationToken) => inner.TimeAsync(cancellationToken);
}
