using Google.Protobuf.WellKnownTypes;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using Wire = SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>Writes a report as it goes over the wire. It counts nothing.</summary>
internal static class TransparencyMapper
{
    /// <summary>The whole report.</summary>
    public static Wire.GetReportResponse Response(TransparencyReport report) => new()
    {
        FromMonth = report.Period.From.ToString(),
        ToMonth = report.Period.To.ToString(),
        Revision = report.Figures.Revision,
        GeneratedTime = Timestamp.FromDateTimeOffset(report.Generated),
        Requests = Of(report.Figures.Total),
        Withheld = report.Figures.Withheld,
        Acts = Of(report.Figures.Acts),
        Months = { report.Figures.Months.Select(Of) },
        Rows = { report.Figures.Rows.Select(Of) },
        Retention = { report.Retention.Select(Of) },
        Audit = Of(report.Audit),
        Head = Of(report.Ledger),
        LedgerSound = report.IsSound,
    };

    private static Wire.RequestFigures Of(RequestFigures figures)
    {
        var mapped = new Wire.RequestFigures
        {
            Received = figures.Received,
            FullyDisclosed = figures.FullyDisclosed,
            PartlyDisclosed = figures.PartlyDisclosed,
            NothingHeld = figures.NothingHeld,
            Rejected = figures.Rejected,
            Withdrawn = figures.Withdrawn,
            Pending = figures.Pending,
            ExpiredUnexecuted = figures.ExpiredUnexecuted,
            OutcomeUnknown = figures.OutcomeUnknown,
            SubjectsRequested = figures.SubjectsRequested,
            SubjectsDisclosed = figures.SubjectsDisclosed,
        };
        if (figures.MedianDays is { } days)
        {
            mapped.MedianDays = days;
        }

        return mapped;
    }

    private static Wire.ActFigures Of(ActFigures figures) => new()
    {
        ErasuresDone = figures.ErasuresDone,
        ErasuresNothingHeld = figures.ErasuresNothingHeld,
        Inspections = figures.Inspections,
        OverridesAllow = figures.OverridesAllow,
        OverridesChallenge = figures.OverridesChallenge,
        OverridesThrottle = figures.OverridesThrottle,
        OverridesDeny = figures.OverridesDeny,
        Appeals = figures.Appeals,
        EpochRolls = figures.EpochRolls,
        ActsOutcomeUnknown = figures.OutcomeUnknown,
    };

    private static Wire.MonthReport Of(MonthFigures month) => new()
    {
        Month = month.Month.ToString(),
        Requests = Of(month.Requests),
        Withheld = month.Withheld,
        Acts = Of(month.Acts),
        ChangedAtEntry = month.Changed,
    };

    private static Wire.RequestRow Of(RequestRow row) => new()
    {
        Month = row.Month.ToString(),
        Country = row.Kind.Country,
        AuthorityType = row.Kind.AuthorityType,
        LegalProcess = row.Kind.LegalProcess,
        Category = row.Kind.Category,
        Figures = Of(row.Figures),
    };

    private static Wire.RetentionRow Of(RetentionRow row) => new() { What = row.What, RetentionClass = row.Class, AtMostSeconds = row.Seconds, Ends = row.Ends };

    private static Wire.AuditResult Of(AuditResult audit) => new()
    {
        State = audit.State,
        EndTime = audit.Time is { } time ? Timestamp.FromDateTimeOffset(time) : null,
        KeysWithoutTtl = audit.WithoutTtl,
        KeysOverCap = audit.OverCap,
        FaultyKeysRemaining = audit.Remaining,
    };

    private static Wire.SignedHead Of(LedgerHead head) => new()
    {
        Ledger = head.Ledger, Seq = head.Seq, Time = head.Time, Hash = head.Hash, PublicKey = head.PublicKey, Signature = head.Signature,
    };
}
