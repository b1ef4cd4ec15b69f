using SpamGuard.Storage.InProcess;

namespace SpamGuard.Storage;

/// <summary>Whether the store is away, and since when.</summary>
/// <remarks>
/// An outage begins with the first failed call. It ends with a call that succeeds when, for <see cref="Quiet"/>, no more than one call in
/// <see cref="AnsweredPerFailure"/> has failed: a store that comes and goes is one outage, so that the grace of a policy is given once and what
/// was learned meanwhile stays at hand; and of a busy process' calls one is always late.
/// </remarks>
internal sealed class StoreHealth(TimeProvider time, StoreClock clock)
{
    /// <summary>How long the store must answer before an outage is over.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>How many calls must be answered for one failed call to be none to speak of.</summary>
    public const int AnsweredPerFailure = 100;

    /// <summary>How many records an outage's memory holds at most: 63 MB with what is kept for retries, as the benchmark <c>outage</c> measures.</summary>
    public const int MemoryCapacity = 200_000;

    private readonly Lock _gate = new();
    private volatile StoreOutage? _outage;
    private long _answered;
    private long _forgiven;

    /// <summary>The outage that lasts; <c>null</c> while there is none.</summary>
    public StoreOutage? Outage => _outage;

    /// <summary>Whether the last call failed. An outage lasts longer: for <see cref="Quiet"/>, also where a single call was late.</summary>
    public bool IsAway => _outage is { IsAnswered: false };

    /// <summary>How long an outage has lasted by now.</summary>
    public TimeSpan Age(StoreOutage outage) => time.GetElapsedTime(outage.Began);

    /// <summary>A call to the store failed, or could not be made. Returns the outage that this belongs to.</summary>
    public StoreOutage Failed()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var outage = _outage ??= new StoreOutage(now, new InProcessSignalStore(clock.AsTimeProvider(), capacity: MemoryCapacity));
            outage.Ended(isAnswered: false);
            if ((_forgiven + 1) * AnsweredPerFailure <= _answered)
            {
                _forgiven++;
            }
            else
            {
                outage.Failed(now);
                (_answered, _forgiven) = (0, 0);
            }

            return outage;
        }
    }

    /// <summary>A call to the store was answered. Where there is no outage that is one read.</summary>
    public void Answered()
    {
        if (_outage is not null)
        {
            TryEnd();
        }
    }

    private void TryEnd()
    {
        lock (_gate)
        {
            _answered++;
            _outage?.Ended(isAnswered: true);
            if (_outage is { } outage && time.GetElapsedTime(outage.LastFailed) >= Quiet)
            {
                _outage = null;
                (_answered, _forgiven) = (0, 0);
            }
        }
    }
}
