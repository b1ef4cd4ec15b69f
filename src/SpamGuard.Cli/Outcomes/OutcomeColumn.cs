namespace SpamGuard.Cli.Outcomes;

/// <summary>The columns of a file of outcomes: those of a replay's file, fewer of which are needed, and the reporter.</summary>
internal enum OutcomeColumn
{
    /// <summary>What the event was.</summary>
    Kind,

    /// <summary>Where it came from.</summary>
    Address,

    /// <summary>What became of it.</summary>
    Label,

    /// <summary>Digest of its account.</summary>
    Account,

    /// <summary>Digest of its content.</summary>
    Content,

    /// <summary>Digest of the person who complained.</summary>
    Reporter,

    /// <summary>What it was reported as: where it is there, it is what counts.</summary>
    ReportedAs,
}

/// <summary>How the columns are called.</summary>
internal static class OutcomeColumns
{
    /// <summary>How many may not be left out: the first ones.</summary>
    public const int Required = 3;

    /// <summary>The names, in the order of <see cref="OutcomeColumn"/>; then two that are taken and not read, for a report counts when it comes.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["kind", "address", "label", "account", "content", "reporter", "reported_as", "time", "reported_at"];
}
