using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;

namespace SpamGuard.Signals;

/// <summary>All that the model looks at: what the event is, when it is, and what was known of its subjects just before it.</summary>
internal struct Situation
{
    /// <summary>What the event is.</summary>
    public EventKind Kind;

    /// <summary>Unix seconds: the store's clock, or for a preview the process's corrected one.</summary>
    public long Now;

    /// <summary>The event's subjects.</summary>
    public SubjectStates Subjects;

    /// <summary>Counts of the event's /8 or IPv6 /24.</summary>
    public FadingCounts Wide;

    /// <summary>Counts over all messages.</summary>
    public FadingCounts All;

    /// <summary>The tags of the event's address, by name.</summary>
    public required IReadOnlyList<string> Tags;

    /// <summary>Counts the event in the records of the current epoch, as the store does. Returns the units at the region.</summary>
    public int Count()
    {
        var units = 0;
        for (var kind = 0; kind < SubjectKinds.Count; kind++)
        {
            ref var subject = ref Subjects[kind];
            if (subject.Present)
            {
                var added = subject.Current.CountEvent(Now, subject.Member, subject.FastCharge, subject.SlowCharge);
                units = (SubjectKind)kind == SubjectKind.Region ? added : units;
            }
        }

        return units;
    }
}
