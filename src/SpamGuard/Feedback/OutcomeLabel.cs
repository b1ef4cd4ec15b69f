namespace SpamGuard.Feedback;

/// <summary>What became of an event that was let in.</summary>
internal enum OutcomeLabel
{
    /// <summary>It was legitimate.</summary>
    Legitimate,

    /// <summary>It was spam.</summary>
    Spam,

    /// <summary>Its challenge was passed: counts as legitimate.</summary>
    ChallengePassed,

    /// <summary>Its challenge was failed: a metric, and nothing else, for people fail them too.</summary>
    ChallengeFailed,
}

/// <summary>How labels are written in CSV files and metrics, and what they count as.</summary>
internal static class OutcomeLabels
{
    /// <summary>All labels.</summary>
    public static IReadOnlyList<OutcomeLabel> All { get; } =
        [OutcomeLabel.Legitimate, OutcomeLabel.Spam, OutcomeLabel.ChallengePassed, OutcomeLabel.ChallengeFailed];

    /// <summary><c>legitimate</c>, <c>spam</c>, <c>challenge_passed</c> or <c>challenge_failed</c>.</summary>
    public static string Name(this OutcomeLabel label) => label switch
    {
        OutcomeLabel.Legitimate => "legitimate",
        OutcomeLabel.Spam => "spam",
        OutcomeLabel.ChallengePassed => "challenge_passed",
        OutcomeLabel.ChallengeFailed => "challenge_failed",
        _ => throw new ArgumentOutOfRangeException(nameof(label), label, message: null),
    };

    /// <summary>Reads a label as <see cref="Name"/> writes it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out OutcomeLabel label)
    {
        foreach (var one in All)
        {
            if (text.SequenceEqual(one.Name()))
            {
                label = one;
                return true;
            }
        }

        label = default;
        return false;
    }
}
