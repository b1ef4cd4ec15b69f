using SpamGuard.Policies;

namespace SpamGuard.Signals;

/// <summary>How long to wait until the same event would be judged milder than THROTTLE.</summary>
internal static class RetryAfter
{
    /// <summary>
    /// The shortest wait in whole seconds, found by bisection, after which a preview, this event counted, gives a probability below THROTTLE's;
    /// at most until <paramref name="deadline"/>, when what is known of the address is gone.
    /// </summary>
    /// <param name="counted">The situation with this event counted.</param>
    /// <param name="deadline">Unix second at which the address' record is gone.</param>
    /// <param name="policy">The policy in force.</param>
    public static long Seconds(in Situation counted, long deadline, ScoringPolicy policy)
    {
        long tooShort = 0, enough = Math.Max(1, deadline - counted.Now);
        while (enough - tooShort > 1)
        {
            var wait = tooShort + ((enough - tooShort) / 2);
            if (IsMild(counted, wait, policy))
            {
                enough = wait;
            }
            else
            {
                tooShort = wait;
            }
        }

        return enough;
    }

    private static bool IsMild(Situation later, long wait, ScoringPolicy policy)
    {
        later.Now += wait;
        later.Wide.Roll(later.Now);
        later.All.Roll(later.Now);
        return SpamModel.Judge(later, policy).Probability < policy.ThrottleFrom;
    }
}
