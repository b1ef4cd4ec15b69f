using SpamGuard.Storage.InProcess;

namespace SpamGuard.Storage;

/// <summary>One time that the store was away, and what this process remembers meanwhile: with the outage goes its memory.</summary>
/// <param name="began">Timestamp of the first failed call.</param>
/// <param name="memory">Empty at the beginning. Nothing of it ever reaches the store.</param>
internal sealed class StoreOutage(long began, InProcessSignalStore memory)
{
    private int _failures;

    /// <summary>Timestamp of the first failed call.</summary>
    public long Began { get; } = began;

    /// <summary>Timestamp of the last failed call that was one too many to speak of an end.</summary>
    public long LastFailed { get; private set; } = began;

    /// <summary>Whether the last call was answered: the store may be there again, and the outage lasts until that is sure.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>How many calls failed that were one too many.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>The records of this outage.</summary>
    public InProcessSignalStore Memory { get; } = memory;

    /// <summary>How the last call ended.</summary>
    public void Ended(bool isAnswered) => IsAnswered = isAnswered;

    /// <summary>A call failed that was one too many.</summary>
    public void Failed(long timestamp)
    {
        LastFailed = timestamp;
        Interlocked.Increment(ref _failures);
    }
}
