namespace SpamGuard.Policies.Files;

/// <summary>A value of a policy file as it was written, with its place. One of the three forms is set.</summary>
/// <param name="Line">The line that it begins on, from 1.</param>
internal sealed record PolicyNode(int Line)
{
    /// <summary>The text of a single value.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the text stands in quotes or is a block: then it is text, whatever it looks like.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>The keys of a mapping with their values, in the order of the file; a key may come twice.</summary>
    public IReadOnlyList<(PolicyNode Key, PolicyNode Value)>? Entries { get; init; }

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<PolicyNode>? Items { get; init; }

    /// <summary>What of YAML is here that a policy must do without, to stand behind "found"; <c>null</c> for nothing.</summary>
    public string? Refused { get; init; }

    /// <summary>Whether nothing is said: a key without a value.</summary>
    public bool IsNothing => !IsQuoted && Text is "" or "~" or "null";

    /// <summary>What is here, to stand behind "found".</summary>
    public string Describe()
    {
        if (Entries is not null)
        {
            return "a mapping";
        }

        if (Items is not null)
        {
            return Items.Count == 0 ? "an empty list" : $"a list of {string.Join(", ", Items.Take(12).Select(item => item.Describe()))}";
        }

        return IsNothing ? "nothing" : $"'{PolicyText.Shown(Text!)}'";
    }
}
