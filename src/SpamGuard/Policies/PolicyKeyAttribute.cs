namespace SpamGuard.Policies;

/// <summary>
/// Says how a constant is called in a policy file, what it may be and what it means: once, for whoever reads the code and for whoever writes the
/// file. Reader, schema, <c>spamguard policy explain</c> and <c>PolicyService.Get</c> follow from it; the property's type says the rest.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PolicyKeyAttribute : Attribute
{
    /// <summary>A constant that is no number.</summary>
    /// <param name="path">Where it stands in its section, parts separated by dots.</param>
    /// <param name="meaning">A sentence, with its unit.</param>
    public PolicyKeyAttribute(string path, string meaning) => (Path, Meaning) = (path, meaning);

    /// <summary>A number.</summary>
    /// <param name="path">Where it stands in its section, parts separated by dots.</param>
    /// <param name="min">The least that it may be.</param>
    /// <param name="max">The most that it may be.</param>
    /// <param name="meaning">A sentence, with its unit.</param>
    public PolicyKeyAttribute(string path, double min, double max, string meaning)
        : this(path, meaning) => (Min, Max) = (min, max);

    /// <summary>Where it stands in its section, parts separated by dots.</summary>
    public string Path { get; }

    /// <summary>A sentence, with its unit.</summary>
    public string Meaning { get; }

    /// <summary>The least that a number may be.</summary>
    public double Min { get; }

    /// <summary>The most that a number may be.</summary>
    public double Max { get; }

    /// <summary>The hardest of the verdicts that are allowed.</summary>
    public Verdict Hardest { get; init; } = Verdict.Deny;

    /// <summary>Whether it is said once, for both kinds of events.</summary>
    public bool IsOfWholeFile { get; init; }

    /// <summary>Whether it can't be tried in shadow: it changes what records hold, or counts only where nothing is compared.</summary>
    public bool IsLiveOnly { get; init; }
}
