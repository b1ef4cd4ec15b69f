namespace SpamGuard.Policies.Files;

/// <summary>A key of a policy file.</summary>
/// <typeparam name="TOwner">What holds the constant; <see cref="Policy"/> where the path begins at the file's root.</typeparam>
/// <param name="Path">Parts separated by dots; <see cref="PolicyNames.Any"/> for a name that whoever writes the file chooses, once at most.</param>
/// <param name="Meaning">A sentence.</param>
/// <param name="Value">What it may hold.</param>
/// <param name="Get">Reads the constant; by a name, where the path has one. <c>null</c> where there is none.</param>
/// <param name="With">A copy with another constant.</param>
internal sealed record PolicyKey<TOwner>(
    string Path, string Meaning, PolicyValue Value, Func<TOwner, string, object?> Get, Func<TOwner, string, object, TOwner> With)
{
    /// <summary>Which names may stand for <see cref="PolicyNames.Any"/>.</summary>
    public PolicyNames? Names { get; init; }

    /// <summary>The names that there are.</summary>
    public Func<TOwner, IEnumerable<string>> NamesOf { get; init; } = static _ => [string.Empty];

    /// <summary>Whether it is said once, for both kinds of events.</summary>
    public bool IsOfWholeFile { get; init; }

    /// <summary>Whether a candidate can't have it.</summary>
    public bool IsLiveOnly { get; init; }

    /// <summary>The same key, as it stands in something larger.</summary>
    /// <param name="section">Where it stands there.</param>
    /// <param name="of">The part.</param>
    /// <param name="change">A copy of the whole with the part changed.</param>
    public PolicyKey<TWhole> In<TWhole>(string section, Func<TWhole, TOwner> of, Func<TWhole, Func<TOwner, TOwner>, TWhole> change) =>
        new(
            section.Length == 0 ? Path : $"{section}.{Path}",
            Meaning,
            Value,
            (whole, name) => Get(of(whole), name),
            (whole, name, value) => change(whole, part => With(part, name, value)))
        {
            Names = Names,
            NamesOf = whole => NamesOf(of(whole)),
            IsOfWholeFile = IsOfWholeFile,
            IsLiveOnly = IsLiveOnly,
        };

    /// <summary>The constants that there are: one, or one per name.</summary>
    public IEnumerable<PolicyLeaf> Leaves(TOwner owner)
    {
        foreach (var name in NamesOf(owner))
        {
            if (Get(owner, name) is { } value)
            {
                yield return new PolicyLeaf([.. Path.Split('.').Select(part => part is PolicyNames.Any ? name : part)], Meaning, Value, value);
            }
        }
    }
}
