namespace SpamGuard.Storage;

/// <summary>This process' clock, corrected by its offset to the store's: decides which epoch it is, and when a preview is.</summary>
internal sealed class StoreClock(TimeProvider clock)
{
    /// <summary>An offset beyond which this process writes nothing: one of the two clocks is wrong.</summary>
    public static readonly TimeSpan MaxOffset = TimeSpan.FromMinutes(2);

    private long _offset;

    /// <summary>The store's clock less this process', in milliseconds, as last measured.</summary>
    public long OffsetMilliseconds => Volatile.Read(ref _offset);

    /// <summary>Whether the offset is beyond <see cref="MaxOffset"/>.</summary>
    public bool IsSkewed => Math.Abs(OffsetMilliseconds) > MaxOffset.TotalMilliseconds;

    /// <summary>Unix milliseconds of the corrected clock.</summary>
    public long NowMilliseconds => clock.GetUtcNow().ToUnixTimeMilliseconds() + OffsetMilliseconds;

    /// <summary>Unix seconds of the corrected clock.</summary>
    public long Now => NowMilliseconds / 1000;

    /// <summary>The corrected clock, for whoever stands in for the store.</summary>
    public TimeProvider AsTimeProvider() => new View(this);

    /// <summary>Asks the store for its time; the answer is taken to be from halfway between question and answer.</summary>
    /// <exception cref="StoreException">The store did not answer; the last offset stays.</exception>
    public async ValueTask MeasureAsync(ISignalStore store, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow();
        var theirs = await store.TimeAsync(cancellationToken);
        var after = clock.GetUtcNow();
        var halfway = before + ((after - before) / 2);
        Volatile.Write(ref _offset, theirs - halfway.ToUnixTimeMilliseconds());
    }

    private sealed class View(StoreClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMilliseconds);
    }
}
