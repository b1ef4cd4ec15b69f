using System.Collections.Frozen;
using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Overrides;

/// <summary>What operators say, as it was read at one moment. Immutable.</summary>
internal sealed class OverrideSnapshot
{
    /// <summary>Nobody says anything.</summary>
    public static readonly OverrideSnapshot Empty = new([]);

    private readonly FrozenDictionary<SubjectKey, OperatorOverride> _bySubject;

    /// <summary>Takes what was read. Where two are about one token the later counts.</summary>
    public OverrideSnapshot(IReadOnlyCollection<OperatorOverride> said)
    {
        All = said;
        _bySubject = said.GroupBy(static one => one.Subject).ToFrozenDictionary(static about => about.Key, static about => about.MaxBy(static one => one.SetTime)!);
    }

    /// <summary>All of it, what is over by now included.</summary>
    public IReadOnlyCollection<OperatorOverride> All { get; }

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => _bySubject.Count == 0;

    /// <summary>What counts for an event: what is said of its address before what is said of its network, and that before what is said of its region.</summary>
    /// <param name="subjects">The event's subjects in the order of their kinds.</param>
    /// <param name="now">Unix seconds of the store's clock.</param>
    /// <returns><c>null</c> where nobody says anything.</returns>
    public OperatorOverride? Find(ReadOnlySpan<SubjectItem> subjects, long now)
    {
        foreach (ref readonly var subject in subjects)
        {
            if (subject.Current.Kind > SubjectKind.Region)
            {
                break;
            }

            if (Find(subject.Current, subject.Previous, now) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>What counts for one subject, by its tokens in the current epoch and in the one before.</summary>
    public OperatorOverride? Find(SubjectKey current, SubjectKey previous, long now)
    {
        var (found, before) = (Find(current, now), Find(previous, now));
        return found is null || before?.IsLaterThan(found) == true ? before : found;
    }

    /// <summary>What counts for one subject, by its tokens in any epochs.</summary>
    public OperatorOverride? Find(IEnumerable<SubjectKey> tokens, long now) =>
        tokens.Select(token => Find(token, now)).OfType<OperatorOverride>().MaxBy(static said => said.SetTime);

    private OperatorOverride? Find(SubjectKey subject, long now) => _bySubject.TryGetValue(subject, out var said) && said.IsInForce(now) ? said : null;
}
