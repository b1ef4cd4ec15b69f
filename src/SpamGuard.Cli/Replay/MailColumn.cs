namespace SpamGuard.Cli.Replay;

/// <summary>The columns of a file.</summary>
internal enum MailColumn
{
    /// <summary>When it happened.</summary>
    Time,

    /// <summary>What it was.</summary>
    Kind,

    /// <summary>Where it came from.</summary>
    Address,

    /// <summary>Digest of the account; may be empty.</summary>
    Account,

    /// <summary>Digest of the content; may be empty.</summary>
    Content,

    /// <summary>What it truly was.</summary>
    Label,

    /// <summary>What it was reported as; empty where nobody did.</summary>
    ReportedAs,

    /// <summary>When it was reported; empty where nobody did.</summary>
    ReportedAt,
}

/// <summary>How the columns are called.</summary>
internal static class MailColumns
{
    /// <summary>The names, in the order of <see cref="MailColumn"/>. None may be left out.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["time", "kind", "address", "account", "content", "label", "reported_as", "reported_at"];
}
