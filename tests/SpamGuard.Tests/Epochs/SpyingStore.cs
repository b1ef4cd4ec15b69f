using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Epochs;

/// <summary>Keeps what keys a store is asked for, or told of.</summary>
internal sealed class SpyingStore(ISignalStore inner) : ISignalStore
{
    public HashSet<SubjectToken> Tokens { get; } = [];

    public HashSet<EpochId> Epochs { get; } = [];

    public int Plantings { get; private set; }

    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken)
    {
        foreach (var observed in events)
        {
            Keep(observed.Items);
            if (observed.Replay is { } guard)
            {
                Tokens.UnionWith([guard.Address, guard.Request]);
            }
        }

        return inner.ObserveAsync(events, cancellationToken);
    }

    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken)
    {
        foreach (var report in reports)
        {
            Keep(report.Items);
            if (report.Once is { } once)
            {
                Tokens.UnionWith([once.Address, once.Id]);
            }
        }

        return inner.ReportAsync(reports, cancellationToken);
    }

    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken)
    {
        Tokens.UnionWith(subjects.Select(static subject => subject.Token));
        return inner.ReadAsync(subjects, cancellationToken);
    }

    public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken)
    {
        Epochs.Add(epoch);
        Plantings += candidate is null ? 0 : 1;
        return inner.EpochAsync(epoch, candidate, deadline, cancellationToken);
    }

    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken) =>
        inner.AddAsync(additions, cancellationToken);

    public ValueTask<long> TimeAsync(CancellationToken cancellationToken) => inner.TimeAsync(cancellationToken);

    private void Keep(SubjectItem[] items) => Tokens.UnionWith(items.SelectMany(static item => new[] { item.Current.Token, item.Previous.Token }));
}
