using SpamGuard.Epochs;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Signals;

namespace SpamGuard.Scoring;

/// <summary>How many, coarsely: enough to see why, too little to count by.</summary>
internal enum CountBucket : byte
{
    /// <summary>0.</summary>
    None,

    /// <summary>1 or 2.</summary>
    Few,

    /// <summary>3 to 9.</summary>
    Some,

    /// <summary>10 or more.</summary>
    Many,
}

/// <summary>How much is known of one subject of an event.</summary>
/// <param name="Level">Which subject.</param>
/// <param name="Units">Members met, a unit a day each.</param>
/// <param name="SpamReports">Members reported as spam.</param>
/// <param name="LegitimateReports">Members reported as legitimate.</param>
/// <param name="OldestDays">No evidence is older than so many days.</param>
internal readonly record struct LevelEvidence(
    SubjectKind Level, CountBucket Units, CountBucket SpamReports, CountBucket LegitimateReports, int OldestDays)
{
    /// <summary>How much was known of every subject of an event, before it.</summary>
    public static LevelEvidence[] Of(EventFootprint footprint, LiveEpochs live, in Situation situation)
    {
        var levels = new LevelEvidence[footprint.Subjects.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            var kind = footprint.Subjects[i].Current.Kind;
            ref readonly var subject = ref situation.Subjects[(int)kind];
            levels[i] = new LevelEvidence(
                kind,
                Bucket(UnitsOf(subject.Current) + UnitsOf(subject.Previous)),
                Bucket(subject.Current.Spam + subject.Previous.Spam),
                Bucket(subject.Current.Ham + subject.Previous.Ham),
                Oldest(subject, live, kind, situation.Now));
        }

        return levels;
    }

    private static CountBucket Bucket(int count) => count switch
    {
        0 => CountBucket.None,
        <= 2 => CountBucket.Few,
        <= 9 => CountBucket.Some,
        _ => CountBucket.Many,
    };

    // A roll moves units from day to day and loses none, so it need not be made for their sum.
    private static int UnitsOf(in SignalRecord record) => record.Older + record.Yesterday + record.Today;

    // A record does not say when it was begun, its epoch does.
    private static int Oldest(in SubjectState subject, LiveEpochs live, SubjectKind kind, long now)
    {
        var current = live.Current(kind.Class()).Id;
        if (subject.Previous.Exists)
        {
            return Days(now - live.Calendar.Start(current.Previous));
        }

        var record = subject.Current;
        record.Roll(now);
        return record.Older > 0 ? Days(now - live.Calendar.Start(current)) : Math.Min(1, record.Yesterday);
    }

    private static int Days(long seconds) => (int)Math.Max(0, seconds / SignalRecord.DaySeconds);
}
