using SpamGuard.Storage;

namespace SpamGuard.Overrides;

/// <summary>What operators say now. It is replaced as a whole; while the store is away it stays, each override until its own end.</summary>
internal sealed class LiveOverrides(StoreClock clock)
{
    private volatile OverrideSnapshot _current = OverrideSnapshot.Empty;

    /// <summary>What was read last.</summary>
    public OverrideSnapshot Current => _current;

    /// <summary>Takes over what was read.</summary>
    public void Apply(OverrideSnapshot snapshot) => _current = snapshot;

    /// <summary>What counts for an event now; <c>null</c> where nobody says anything.</summary>
    /// <param name="subjects">The event's subjects in the order of their kinds.</param>
    public OperatorOverride? Find(ReadOnlySpan<SubjectItem> subjects)
    {
        var current = _current;
        return current.IsEmpty ? null : current.Find(subjects, clock.Now);
    }
}
