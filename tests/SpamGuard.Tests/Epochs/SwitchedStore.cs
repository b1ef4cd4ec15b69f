using SpamGuard.Addresses;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Epochs;

/// <summary>
/// A store that can be exchanged for another, emptied one, or taken away, under whoever uses it; and that can be slow: something happens while its
/// time is on the way.
/// </summary>
internal sealed class SwitchedStore(ISignalStore? inner) : ISignalStore, IRollStore
{
    public ISignalStore? Inner { get; set; } = inner;

    public Action? WhileTimeIsOnTheWay { get; init; }

    /// <summary>An epoch whose record is not of the expected form.</summary>
    public EpochId? Malformed { get; set; }

    /// <summary>An epoch whose slot nobody serves.</summary>
    public EpochId? Away { get; set; }

    /// <summary>An epoch whose record somebody planted too early for the store to give it another.</summary>
    public EpochId? TooEarly { get; set; }

    /// <summary>An epoch whose record has the highest generation.</summary>
    public EpochId? Ahead { get; set; }

    /// <summary>How many replicas acknowledge what is written.</summary>
    public int Replicas { get; set; }

    /// <inheritdoc/>
    public async ValueTask<(EpochRecord? InForce, int Replicas)> PlantAsync(
        EpochId epoch, EpochRecord candidate, long deadline, int replicas, CancellationToken cancellationToken) =>
        (await EpochAsync(epoch, candidate, deadline, cancellationToken), Replicas);

    /// <inheritdoc/>
    public ValueTask<int> RemoveAsync(EpochId epoch, int replicas, CancellationToken cancellationToken)
    {
        Malformed = Malformed == epoch ? null : Malformed;
        TooEarly = TooEarly == epoch ? null : TooEarly;
        Ahead = Ahead == epoch ? null : Ahead;
        return new(Replicas);
    }

    private ISignalStore There => Inner ?? throw new StoreException(StoreFailure.Unavailable, "Taken away.");

    public ValueTask<EventReply[]> ObserveAsync(IReadOnlyList<ObservedEvent> events, CancellationToken cancellationToken) =>
        There.ObserveAsync(events, cancellationToken);

    public ValueTask<EventReply[]> ReportAsync(IReadOnlyList<ReportedEvent> reports, CancellationToken cancellationToken) =>
        There.ReportAsync(reports, cancellationToken);

    public ValueTask<SignalRecord[]> ReadAsync(IReadOnlyList<SubjectKey> subjects, CancellationToken cancellationToken) =>
        There.ReadAsync(subjects, cancellationToken);

    public ValueTask<EpochRecord?> EpochAsync(EpochId epoch, EpochRecord? candidate, long deadline, CancellationToken cancellationToken) =>
        epoch == Away ? throw new StoreException(StoreFailure.Unavailable, "Its slot is away.")
        : epoch == TooEarly ? candidate is null ? new(new EpochRecord(1, 7, new byte[EpochRecord.SaltSize])) : throw new StoreException(StoreFailure.Refused, "Beyond the cap.")
        : epoch == Ahead ? new(new EpochRecord(uint.MaxValue, 7, new byte[EpochRecord.SaltSize]))
        : epoch == Malformed ? throw new StoreException(StoreFailure.Malformed, "Not ours.") : There.EpochAsync(epoch, candidate, deadline, cancellationToken);

    public ValueTask<FadingCounts[]> AddAsync(IReadOnlyList<AggregateAddition> additions, CancellationToken cancellationToken) =>
        There.AddAsync(additions, cancellationToken);

    public ValueTask<long> TimeAsync(CancellationToken cancellationToken)
    {
        WhileTimeIsOnTheWay?.Invoke();
        return There.TimeAsync(cancellationToken);
    }
}
