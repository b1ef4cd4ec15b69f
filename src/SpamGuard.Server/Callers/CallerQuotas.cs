using System.Threading.RateLimiting;

namespace SpamGuard.Server.Callers;

/// <summary>The quotas of one caller and what is left of them. In memory of this process: each process grants the whole quota.</summary>
internal sealed class CallerQuotas
{
    /// <summary>No quota at all.</summary>
    public static readonly CallerQuotas None = new(new Dictionary<QuotaClass, Quota>(), before: null);

    private readonly Bucket?[] _buckets;

    /// <summary>Makes the buckets.</summary>
    /// <param name="quotas">What is limited; what is not named is not.</param>
    /// <param name="before">The caller's buckets until now: those of a quota that is the same go on as they are.</param>
    public CallerQuotas(IReadOnlyDictionary<QuotaClass, Quota> quotas, CallerQuotas? before) =>
        _buckets = [.. Enum.GetValues<QuotaClass>().Select(one => quotas.TryGetValue(one, out var quota) ? Kept(before?._buckets[(int)one], quota) : null)];

    /// <summary>Takes from a quota, or takes nothing and tells why not.</summary>
    /// <param name="quotaClass">Which.</param>
    /// <param name="count">How much, 1 or more.</param>
    /// <param name="exceeded">The quota that has not so much left.</param>
    /// <param name="wait">After what time it has; <c>null</c> where it never will, for more is asked for than the bucket holds.</param>
    public bool TryTake(QuotaClass quotaClass, int count, out Quota? exceeded, out TimeSpan? wait) => TryTake(quotaClass, count, taken: 0, out exceeded, out wait);

    /// <summary>Takes what is left to take of so much of which 1 was taken before, or takes nothing and tells why not: the wait is for all of it, for the call is to be made again.</summary>
    public bool TryTakeRest(QuotaClass quotaClass, int count, out Quota? exceeded, out TimeSpan? wait) => TryTake(quotaClass, count, taken: 1, out exceeded, out wait);

    private bool TryTake(QuotaClass quotaClass, int count, int taken, out Quota? exceeded, out TimeSpan? wait)
    {
        (exceeded, wait) = (null, null);
        if (_buckets[(int)quotaClass] is not { } bucket)
        {
            return true;
        }

        if (count <= bucket.Quota.Burst)
        {
            bucket.Limiter.TryReplenish(); // when asked and not by a timer: nothing runs for a caller who is silent
            if (count == taken)
            {
                return true;
            }

            using var lease = bucket.Limiter.AttemptAcquire(count - taken);
            if (lease.IsAcquired)
            {
                return true;
            }

            var one = TimeSpan.FromSeconds(1 / bucket.Quota.PerSecond);
            wait = (lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : one) + (taken * one);
        }

        exceeded = bucket.Quota;
        return false;
    }

    private static Bucket Kept(Bucket? before, Quota quota) => before?.Quota == quota ? before : new Bucket(quota, new TokenBucketRateLimiter(new()
    {
        TokenLimit = quota.Burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1 / quota.PerSecond),
        AutoReplenishment = false,
        QueueLimit = 0,
    }));

    private sealed record Bucket(Quota Quota, TokenBucketRateLimiter Limiter);
}
