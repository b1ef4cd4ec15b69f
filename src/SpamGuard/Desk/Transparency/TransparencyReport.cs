using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>Everything that a report says. Page, JSON, CSV and answer are made of one of these, and none of them counts anything.</summary>
/// <param name="Period">The months that it is about.</param>
/// <param name="Span">The months that there are figures of.</param>
/// <param name="Generated">When it was made.</param>
/// <param name="Figures">What the ledger says of these months, and up to which entry.</param>
/// <param name="Retention">What is kept, and for how long.</param>
/// <param name="Audit">What the auditor of this process found last.</param>
/// <param name="Ledger">The ledger's signed head when the report was made: of the same entry as the figures, or of one right after.</param>
/// <param name="IsSound">Whether the ledger is as it must be, as far as the desk knows. Where it is not, the figures are those that were counted before.</param>
internal sealed record TransparencyReport(
    ReportPeriod Period,
    ReportPeriod Span,
    DateTimeOffset Generated,
    BookFigures Figures,
    IReadOnlyList<RetentionRow> Retention,
    AuditResult Audit,
    LedgerHead Ledger,
    bool IsSound);

/// <summary>What the ledger says of a period.</summary>
/// <param name="Revision">The number of the last entry that is in the figures; 0 before the first.</param>
/// <param name="Total">All requests of the period.</param>
/// <param name="Months">Every month of the period, the earliest first.</param>
/// <param name="Rows">Every kind of request of every month, in order of month and kind.</param>
internal sealed record BookFigures(long Revision, RequestFigures Total, IReadOnlyList<MonthFigures> Months, IReadOnlyList<RequestRow> Rows)
{
    /// <summary>Requests that may not be shown yet: of these only the number of each month is known.</summary>
    public long Withheld => Months.Sum(static month => month.Withheld);

    /// <summary>Everything else that was done.</summary>
    public ActFigures Acts => Months.Aggregate(ActFigures.None, static (sum, month) => sum + month.Acts);
}

/// <summary>One month.</summary>
/// <param name="Month">Which.</param>
/// <param name="Requests">The requests that were received in it.</param>
/// <param name="Withheld">How many more were received that may not be shown yet.</param>
/// <param name="Acts">What else was done.</param>
/// <param name="Changed">The number of the ledger's last entry when any of these figures last changed; 0 where nothing ever did.</param>
internal sealed record MonthFigures(Month Month, RequestFigures Requests, long Withheld, ActFigures Acts, long Changed);

/// <summary>The requests of one kind in one month.</summary>
/// <param name="Month">When they were received.</param>
/// <param name="Kind">What they have in common.</param>
/// <param name="Figures">How many.</param>
internal sealed record RequestRow(Month Month, RequestKind Kind, RequestFigures Figures);

/// <summary>What the auditor of this process found.</summary>
/// <param name="State"><c>not_run_here</c>, <c>not_yet</c>, or how the last pass ended: <c>clean</c>, <c>violation</c>, <c>incomplete</c>.</param>
/// <param name="Time">When that pass ended.</param>
/// <param name="WithoutTtl">Keys that it met without a time to live.</param>
/// <param name="OverCap">Keys that it met with a longer one than their kind may have.</param>
/// <param name="Remaining">Those that are still there.</param>
internal sealed record AuditResult(string State, DateTimeOffset? Time = null, long WithoutTtl = 0, long OverCap = 0, long Remaining = 0);
