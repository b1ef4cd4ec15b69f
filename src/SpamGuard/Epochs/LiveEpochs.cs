using SpamGuard.Retention;

namespace SpamGuard.Epochs;

/// <summary>The epochs that count at one moment; immutable, so that an event sees one pair of each class from beginning to end.</summary>
internal sealed class LiveEpochs(
    EpochCalendar calendar,
    EpochSecret[] secrets,
    EpochSecret address,
    EpochSecret? addressBefore,
    EpochSecret network,
    EpochSecret? networkBefore)
{
    private LiveEpochs? _currentOnly;

    /// <summary>When epochs begin and end.</summary>
    public EpochCalendar Calendar { get; } = calendar;

    /// <summary>The same without the epochs before: a report updates current records alone, and hashing is most of what it costs.</summary>
    public LiveEpochs CurrentOnly => _currentOnly ??= new LiveEpochs(Calendar, secrets, address, addressBefore: null, network, networkBefore: null);

    /// <summary>Whether this was made from the given list of secrets: another list may hold another salt for the same epoch.</summary>
    public bool IsOf(EpochSecret[] held) => ReferenceEquals(held, secrets);

    /// <summary>The current epoch of a class that has epochs.</summary>
    public EpochSecret Current(RetentionClass retention) => retention == RetentionClass.Address ? address : network;

    /// <summary>The epoch before it; <c>null</c> where its salt is not known: nothing was learned in it, or all of it is lost.</summary>
    public EpochSecret? Previous(RetentionClass retention) => retention == RetentionClass.Address ? addressBefore : networkBefore;
}
