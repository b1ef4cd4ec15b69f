namespace SpamGuard.Cli.Replay;

/// <summary>Where the columns of a file stand: their order is free, their names are not, and none may be left out.</summary>
internal sealed class MailColumns
{
    private readonly int[] _positions;

    private MailColumns(int[] positions) => _positions = positions;

    /// <summary>The names, in the order of <see cref="MailColumn"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["time", "kind", "address", "account", "content", "label", "reported_as", "reported_at"];

    /// <summary>How many there are.</summary>
    public static int Count => Names.Count;

    /// <summary>Where a column stands.</summary>
    public int this[MailColumn column] => _positions[(int)column];

    /// <summary>Reads a header. A fault names columns by position, never by what stands there: without a header, that is somebody's address.</summary>
    /// <param name="header">The fields of the header.</param>
    /// <param name="line">Its line number.</param>
    /// <param name="fault">Why it can't be taken.</param>
    public static MailColumns? Read(IReadOnlyList<string> header, long line, out RowFault? fault)
    {
        var positions = new int[Count];
        Array.Fill(positions, -1);
        for (var i = 0; i < header.Count; i++)
        {
            var column = IndexOf(header[i]);
            if (column < 0 || positions[column] >= 0)
            {
                var what = column < 0 ? "unknown" : "a second " + Names[column];
                fault = new RowFault(line, "header", $"column {i + 1} is {what}; the columns are {string.Join(", ", Names)}");
                return null;
            }

            positions[column] = i;
        }

        var missing = Names.Where((_, column) => positions[column] < 0).ToList();
        fault = missing.Count == 0
            ? null
            : new RowFault(line, "header", $"without {string.Join(", ", missing)}; the columns are {string.Join(", ", Names)}");
        return missing.Count == 0 ? new MailColumns(positions) : null;
    }

    private static int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}

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
