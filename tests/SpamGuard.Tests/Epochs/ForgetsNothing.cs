using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Epochs;

/// <summary>A store in which a record of an epoch stays for ever, as one that somebody wrote with a life of his own.</summary>
internal sealed class ForgetsNothing(ISignalStore inner) : ISignalStore
{
    private readonly Dictionary<EpochId, EpochRecord> _kept = [];

    public async ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken)
    {
        if (candidate is not null && (!_kept.TryGetValue(epoch, out var held) || held.Generation < candidate.Generation))
        {
            _kept[epoch] = candidate.Copy();
        }
        else if (!_kept.ContainsKey(epoch) && await inner.EpochAsync(epoch, candidate: null, deadline, cancellationToken) is { } found)
        {
            _kept[epoch] = found;
        }

        return _kept.GetValueOrDefault(epoch)?.Copy();
    }

    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken) =>
        inner.ObserveAsync(events, cancellationToken);

    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken) =>
        inner.ReportAsync(reports, cancellationToken);

    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken) =>
        inner.ReadAsync(subjects, cancellationToken);

    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken) =>
        inner.AddAsync(additions, cancellationToken);

    public ValueTask<long> TimeAsync(CancellationToken cancellationToken) => inner.TimeAsync(cancellationToken);
}
