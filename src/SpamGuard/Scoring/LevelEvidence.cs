using SpamGuard.Retention;

namespace SpamGuard.Scoring;

/// <summary>How many, coarsely: enough to see why, too little to count by.</summary>
internal enum CountBucket
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
    SubjectKind Level, CountBucket Units, CountBucket SpamReports, CountBucket LegitimateReports, int OldestDays);
