using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Epochs;

/// <summary>
/// Salts of this process alone, for epochs whose salts the store could not tell: a process that started while the store was away, or an epoch
/// that began meanwhile. They never leave the process and die with their epochs, like any other.
/// </summary>
internal sealed class LocalEpochs(PepperRing peppers, EpochCalendar calendar) : IDisposable
{
    // Metrics that nobody reads: what operators see is about the salts that all processes share.
    private readonly EpochKeeper _keeper = new(
        new KeepsNothing(), peppers, calendar, new EpochMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())));

    /// <summary>The epochs at a time (unix seconds). Salts are made where there are none.</summary>
    public async ValueTask<LiveEpochs> LiveAsync(long now, CancellationToken cancellationToken)
    {
        if (_keeper.Live(now) is not { } live)
        {
            await _keeper.RefreshAsync(now, cancellationToken);
            live = _keeper.Live(now) ?? throw new InvalidOperationException("A refresh made no salt.");
        }

        return live;
    }

    /// <summary>As <see cref="EpochKeeper.At"/>.</summary>
    public LiveEpochs? At(EpochId address, EpochId network, long now) => _keeper.At(address, network, now);

    /// <summary>As <see cref="EpochKeeper.FindAddressEpoch"/>.</summary>
    public EpochSecret? FindAddressEpoch(byte numberModulo, long now) => _keeper.FindAddressEpoch(numberModulo, now);

    /// <summary>As <see cref="EpochKeeper.Expire"/>.</summary>
    public void Expire(long now) => _keeper.Expire(now);

    /// <inheritdoc/>
    public void Dispose() => _keeper.Dispose();

    /// <summary>A store whose only copy of a salt is the keeper's own: there is no second one to zero.</summary>
    private sealed class KeepsNothing : ISignalStore
    {
        public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken) =>
            new(candidate?.Copy());

        public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken) => throw OnlySalts();

        public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken) => throw OnlySalts();

        public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken) => throw OnlySalts();

        public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken) => throw OnlySalts();

        public ValueTask<long> TimeAsync(CancellationToken cancellationToken) => throw OnlySalts();

        private static NotSupportedException OnlySalts() => new("Salts only.");
    }
}
