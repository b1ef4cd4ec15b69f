using System.Collections.Frozen;
using System.Collections.Immutable;
using SpamGuard.Desk.Ledger;
using SpamGuard.Server.Callers.Files;

namespace SpamGuard.Server.Callers;

/// <summary>All callers that are configured, by identity.</summary>
internal sealed class CallerDirectory
{
    /// <summary>Nobody.</summary>
    public static readonly CallerDirectory Empty = new([], before: null);

    private readonly FrozenDictionary<string, Caller> _byIdentity;
    private readonly FrozenDictionary<string, Caller> _byName;

    /// <summary>Makes the callers of a file.</summary>
    /// <param name="entries">What the file says.</param>
    /// <param name="before">The callers until now: what is left of a quota that stays the same is kept.</param>
    public CallerDirectory(IReadOnlyList<CallerEntry> entries, CallerDirectory? before)
    {
        _byName = entries.ToFrozenDictionary(
            static entry => entry.Name,
            entry => new Caller(entry.Name, entry.Roles)
            {
                Purposes = [.. entry.Purposes],
                Quotas = new CallerQuotas(entry.Quotas, before?._byName.GetValueOrDefault(entry.Name)?.Quotas),
            },
            StringComparer.Ordinal);
        _byIdentity = entries
            .SelectMany(entry => entry.Identities.Select(identity => (identity, Caller: _byName[entry.Name])))
            .ToFrozenDictionary(static pair => pair.identity, static pair => pair.Caller, StringComparer.Ordinal);
    }

    /// <summary>How many there are.</summary>
    public int Count => _byName.Count;

    /// <summary>Who has these names. More than one of them may be configured, but for one caller only.</summary>
    public Admission Find(ImmutableArray<string> identities)
    {
        Caller? found = null;
        var known = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var identity in identities)
        {
            if (_byIdentity.TryGetValue(identity, out var caller))
            {
                if (found is not null && !ReferenceEquals(found, caller))
                {
                    return Admission.Refused(Refusal.CallerAmbiguous);
                }

                found = caller;
                known.Add(identity);
            }
        }

        return found is null ? Admission.Refused(Refusal.CallerUnknown) : Admission.Of(found, string.Join(LedgerActor.Between, known));
    }
}
