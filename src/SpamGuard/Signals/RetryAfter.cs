using SpamGuard.Policies;
using SpamGuard.Records;

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
        var memory = new Memory { Day = long.MinValue };
        long tooShort = 0, enough = Math.Max(1, deadline - counted.Now);
        while (enough - tooShort > 1)
        {
            var wait = tooShort + ((enough - tooShort) / 2);
            if (IsMild(counted, wait, policy, ref memory))
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

    private static bool IsMild(Situation later, long wait, ScoringPolicy policy, ref Memory memory)
    {
        later.Now += wait;
        var day = later.Now / SignalRecord.DaySeconds;
        if (day == memory.Day)
        {
            return SpamModel.Sigmoid(SpamModel.LogOddsOnTheSameDay(memory.Found, later, policy)) < policy.ThrottleFrom;
        }

        later.Wide.Roll(later.Now);
        later.All.Roll(later.Now);
        memory.Day = day;
        memory.Found = SpamModel.Judge(later, policy);
        return memory.Found.Probability < policy.ThrottleFrom;
    }

    // What was found on the day that was looked at last: most of a bisection happens within one.
    private struct Memory
    {
        public long Day;
        public Evidence Found;
    }
}
