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

    /// <summary>Takes from a quota, or tells why not.</summary>
    /// <param name="quotaClass">Which.</param>
    /// <param name="count">How much; 0 only asks whether anything is left.</param>
    /// <param name="exceeded">The quota that has not so much left.</param>
    /// <param name="wait">After what time it has; <c>null</c> where it never will, for more is asked for than the bucket holds.</param>
    public bool TryTake(QuotaClass quotaClass, int count, out Quota? exceeded, out TimeSpan? wait)
    {
        (exceeded, wait) = (null, null);
        if (_buckets[(int)quotaClass] is not { } bucket)
        {
            return true;
        }

        if (count <= bucket.Quota.Burst)
        {
            bucket.Limiter.TryReplenish(); // when asked and not by a timer: nothing runs for a caller who is silent
            if (count == 0 && bucket.Limiter.GetStatistics()?.CurrentAvailablePermits > 0)
            {
                return true;
            }

            using var lease = bucket.Limiter.AttemptAcquire(Math.Max(count, 1));
            if (lease.IsAcquired)
            {
                return true;
            }

            wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1 / bucket.Quota.PerSecond);
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
