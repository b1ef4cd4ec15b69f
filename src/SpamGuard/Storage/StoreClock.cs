namespace SpamGuard.Storage;

/// <summary>The store's clock as this process knows it: decides which epoch it is, and when a preview is.</summary>
/// <remarks>
/// It goes on from the last measurement by what has passed since and not by this process' clock, which somebody may put back while the store is away.
/// Before the first it goes on from what that clock said when this was made.
/// </remarks>
internal sealed class StoreClock
{
    /// <summary>An offset beyond which this process writes nothing: one of the two clocks is wrong.</summary>
    public static readonly TimeSpan MaxOffset = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _clock;
    private volatile Measurement _last;

    /// <summary>Nothing is measured yet: the store's clock is taken to be this process'.</summary>
    public StoreClock(TimeProvider clock)
    {
        _clock = clock;
        _last = new Measurement(clock.GetUtcNow(), clock.GetTimestamp(), TimeSpan.Zero);
    }

    /// <summary>The store's clock less this process', in milliseconds, as last measured.</summary>
    public long OffsetMilliseconds => (long)_last.Offset.TotalMilliseconds;

    /// <summary>Whether the offset is beyond <see cref="MaxOffset"/>.</summary>
    public bool IsSkewed => _last.Offset.Duration() > MaxOffset;

    /// <summary>Unix milliseconds of the store's clock.</summary>
    public long NowMilliseconds => Advanced.ToUnixTimeMilliseconds();

    /// <summary>Unix seconds of the store's clock.</summary>
    public long Now => Advanced.ToUnixTimeSeconds();

    /// <summary>
    /// The latest that the store's clock may show by now, in unix seconds: what ends by this is over. Later than <see cref="Now"/> where the machine
    /// slept and did not count that, or where somebody put its clock forward; never earlier.
    /// </summary>
    public long LatestNow => Math.Max(Now, (_clock.GetUtcNow() + _last.Offset).ToUnixTimeSeconds());

    private DateTimeOffset Advanced
    {
        get
        {
            var last = _last;
            return last.Time + _clock.GetElapsedTime(last.Timestamp);
        }
    }

    /// <summary>The store's clock, for whoever stands in for the store.</summary>
    public TimeProvider AsTimeProvider() => new View(this);

    /// <summary>Asks the store for its time; the answer is taken to be from halfway between question and answer.</summary>
    /// <exception cref="StoreException">The store did not answer; the last measurement stays.</exception>
    public async ValueTask MeasureAsync(ISignalStore store, CancellationToken cancellationToken)
    {
        var asked = _clock.GetTimestamp();
        var theirs = DateTimeOffset.FromUnixTimeMilliseconds(await store.TimeAsync(cancellationToken));
        var answered = _clock.GetTimestamp();
        var here = _clock.GetUtcNow();
        var sinceThen = _clock.GetElapsedTime(asked, answered) / 2;
        _last = new Measurement(theirs + sinceThen, answered, theirs + sinceThen - here);
    }

    // The store's time at a timestamp of ours, and how far our clock was from it then.
    private sealed record Measurement(DateTimeOffset Time, long Timestamp, TimeSpan Offset);

    private sealed class View(StoreClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.Advanced;
    }
}
