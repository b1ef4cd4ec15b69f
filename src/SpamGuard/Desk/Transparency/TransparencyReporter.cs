using SpamGuard.Desk.Audit;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>Makes reports of what is known now.</summary>
/// <param name="book">The figures.</param>
/// <param name="ledger">Its head, and whether it is sound.</param>
/// <param name="time">The desk's clock.</param>
/// <param name="audit">The last pass of this process' auditor; null where this process does not audit.</param>
internal sealed class TransparencyReporter(TransparencyBook book, DeskLedger ledger, TimeProvider time, LastAudit? audit = null)
{
    /// <summary>The months that there are figures of.</summary>
    public ReportPeriod Span => book.Span(time.GetUtcNow());

    /// <summary>Differs whenever a report of a period would say something else than before, but for the time at which it is made.</summary>
    public ReportVersion Version
    {
        get
        {
            var (revision, turns) = book.Version(time.GetUtcNow());
            return new ReportVersion(revision, turns, Span, audit?.Last?.Time, ledger.IsSound);
        }
    }

    /// <summary>The report of a period.</summary>
    public TransparencyReport Report(ReportPeriod period)
    {
        var now = time.GetUtcNow();
        return new TransparencyReport(period, Span, now, book.Figures(period, now), RetentionRow.All, Audit(), ledger.Head, ledger.IsSound);
    }

    private AuditResult Audit() =>
        audit is null ? new AuditResult("not_run_here")
        : audit.Last is not { } last ? new AuditResult("not_yet")
        : new AuditResult(
            last.Report.Outcome switch { AuditOutcome.Clean => "clean", AuditOutcome.Violation => "violation", _ => "incomplete" },
            last.Time,
            last.Report.Found(KeyFault.WithoutTtl),
            last.Report.Found(KeyFault.OverCap),
            last.Report.Remaining);
}

/// <summary>What a report was made of.</summary>
/// <param name="Revision">The number of the ledger's last entry.</param>
/// <param name="Turns">How often time alone has changed a figure.</param>
/// <param name="Span">The months that there are figures of.</param>
/// <param name="Audited">When the auditor's last pass ended.</param>
/// <param name="IsSound">Whether the ledger was as it must be.</param>
internal sealed record ReportVersion(long Revision, long Turns, ReportPeriod Span, DateTimeOffset? Audited, bool IsSound);
