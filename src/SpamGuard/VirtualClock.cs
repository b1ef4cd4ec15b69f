namespace SpamGuard;

/// <summary>A clock that stands where it is put: replays run on the time of their events.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private long _ticks = DateTimeOffset.UnixEpoch.UtcTicks;

    /// <summary>Puts the clock to a time, forward or back.</summary>
    public void Set(DateTimeOffset time) => _ticks = time.UtcTicks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time passes with the clock alone, in both directions.</summary>
    public override long GetTimestamp() => _ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);
}
