using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;

namespace SpamGuard.Storage.Redis;

/// <summary>The store as the service sees it: every call within its budget, behind the circuit breaker.</summary>
internal sealed class ResilientSignalStore(ISignalStore store, StoreResilience resilience) : ISignalStore
{
    /// <inheritdoc/>
    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken) =>
        resilience.RunAsync(
            StoreOperation.Observe,
            static (call, token) => call.store.ObserveAsync(call.events, token),
            (store, events),
            cancellationToken,
            Budgets(events.Count));

    /// <inheritdoc/>
    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken) =>
        resilience.RunAsync(
            StoreOperation.Report,
            static (call, token) => call.store.ReportAsync(call.reports, token),
            (store, reports),
            cancellationToken,
            Budgets(reports.Count));

    /// <inheritdoc/>
    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken) =>
        resilience.RunAsync(StoreOperation.Read, static (call, token) => call.store.ReadAsync(call.subjects, token), (store, subjects), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken) =>
        resilience.RunAsync(
            StoreOperation.Epoch,
            static (call, token) => call.store.EpochAsync(call.epoch, call.candidate, call.deadline, token),
            (store, epoch, candidate, deadline),
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken) =>
        resilience.RunAsync(StoreOperation.Add, static (call, token) => call.store.AddAsync(call.additions, token), (store, additions), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> TimeAsync(CancellationToken cancellationToken) =>
        resilience.RunAsync(StoreOperation.Time, static (store, token) => store.TimeAsync(token), store, cancellationToken);

    private static int Budgets(int events) => Math.Max(1, (events + SignalStoreOptions.EventsPerBudget - 1) / SignalStoreOptions.EventsPerBudget);
}
