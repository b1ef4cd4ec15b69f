namespace SpamGuard;

/// <summary>A token bucket: lets through so many a second, and after a stall a tenth of a second's worth at once, never all that was missed.</summary>
/// <param name="perSecond">How many, at least 1.</param>
/// <param name="time">The clock. That is why it is ours: the limiters of System.Threading.RateLimiting have one of their own.</param>
internal sealed class Pace(int perSecond, TimeProvider time)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(.1);

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecond;
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _next;

    /// <summary>Waits until the next may go. Not for concurrent use.</summary>
    public Task NextAsync(CancellationToken cancellationToken) => NextAsync(1, cancellationToken);

    /// <summary>Waits until the next may go, which counts for <paramref name="count"/>: whoever comes after it waits for so many.</summary>
    public Task NextAsync(int count, CancellationToken cancellationToken)
    {
        var now = time.GetElapsedTime(_began);
        var due = _next > now - Burst ? _next : now - Burst;
        _next = due + (count * _interval);
        return due > now ? Task.Delay(due - now, time, cancellationToken) : Task.CompletedTask;
    }
}
