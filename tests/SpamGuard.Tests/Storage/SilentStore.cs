using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Storage;

/// <summary>A store that never answers.</summary>
internal sealed class SilentStore : ISignalStore
{
    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken) => Never<EventReply[]>();

    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken) => Never<EventReply[]>();

    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken) => Never<SignalRecord[]>();

    public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken) =>
        Never<EpochRecord?>();

    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken) => Never<FadingCounts[]>();

    public ValueTask<long> TimeAsync(CancellationToken cancellationToken) => Never<long>();

    private static ValueTask<T> Never<T>() => new(new TaskCompletionSource<T>().Task);
}
