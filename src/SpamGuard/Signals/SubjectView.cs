using SpamGuard.Policies;

namespace SpamGuard.Signals;

/// <summary>A subject as the model reads it: the sum of its records in the current and the previous epoch, each rolled to today.</summary>
internal readonly struct SubjectView
{
    /// <summary>Reads a subject at a time (unix seconds).</summary>
    public SubjectView(in SubjectState subject, long now)
    {
        var (current, previous) = (subject.Current, subject.Previous);
        current.Roll(now);
        previous.Roll(now);
        Spam = current.Spam + previous.Spam;
        Ham = current.Ham + previous.Ham;
        Older = current.Older + previous.Older;
        Yesterday = current.Yesterday + previous.Yesterday;
        Today = current.Today + previous.Today;
        Fast = Math.Max(0, current.Fast - now) + Math.Max(0, previous.Fast - now);
        Slow = Math.Max(0, current.Slow - now) + Math.Max(0, previous.Slow - now);
        MetToday = (current.Met & subject.Member) != 0 || (previous.Met & subject.PreviousMember) != 0 ? 1 : 0;
    }

    /// <summary>Members reported as spam.</summary>
    public int Spam { get; }

    /// <summary>Members reported as legitimate.</summary>
    public int Ham { get; }

    /// <summary>Units of the days before yesterday.</summary>
    public int Older { get; }

    /// <summary>Units of yesterday.</summary>
    public int Yesterday { get; }

    /// <summary>Units of today.</summary>
    public int Today { get; }

    /// <summary>Seconds that the fast buckets still hold.</summary>
    public long Fast { get; }

    /// <summary>Seconds that the slow buckets still hold.</summary>
    public long Slow { get; }

    /// <summary>1 if the event's own member was met today, else 0.</summary>
    public int MetToday { get; }

    /// <summary>Long in use and seldom reported: says little about any one of its users.</summary>
    public bool IsShared(ScoringPolicy policy) => Older >= policy.SharedFrom && Spam < policy.SharedRatio * Older;

    /// <summary>Seen on a day before yesterday, and never reported as spam.</summary>
    public bool IsRegular => Older > 0 && Spam == 0;

    /// <summary>Reported more than once, and not merely now and then.</summary>
    public bool IsCondemned(ScoringPolicy policy) =>
        Spam >= Math.Max(policy.HardUnits, policy.HardShare * (Older + Yesterday + Today));
}
