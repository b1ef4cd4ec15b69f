using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Transparency;

/// <summary>The figures for people, and for scripts that read lines: every number by its name in the protos.</summary>
internal static class TransparencyText
{
    /// <summary>The period, its figures, and those of each month.</summary>
    public static IEnumerable<TextTable> Tables(GetReportResponse report) =>
    [
        new TextTable(
            ["field", "value"],
            [
                ["from_month", report.FromMonth],
                ["to_month", report.ToMonth],
                ["revision", CallText.Of(report.Revision)],
                ["generated_time", CallText.Of(report.GeneratedTime)],
                ["ledger_sound", report.LedgerSound ? "true" : "false"],
                ["withheld", CallText.Of(report.Withheld)],
                ["audit", report.Audit?.State ?? string.Empty],
                ["head_seq", CallText.Of(report.Head?.Seq ?? 0)],
                ["head_hash", report.Head?.Hash ?? string.Empty],
            ]),
        new TextTable(["figure", "number"], [.. Figures(report.Requests)], Prefix: "requests"),
        new TextTable(["figure", "number"], [.. Figures(report.Acts)], Prefix: "acts"),
        new TextTable(
            ["month", "received", "withheld", "erasures_done", "inspections", "epoch_rolls"],
            [
                .. report.Months.Select(static one => (IReadOnlyList<string>)
                [
                    one.Month, CallText.Of(one.Requests?.Received ?? 0), CallText.Of(one.Withheld), CallText.Of(one.Acts?.ErasuresDone ?? 0), CallText.Of(one.Acts?.Inspections ?? 0), CallText.Of(one.Acts?.EpochRolls ?? 0),
                ]),
            ],
            Prefix: "month",
            IsNamed: true),
        new TextTable(
            ["month", "country", "authority_type", "legal_process", "category", "received"],
            [.. report.Rows.Select(static row => (IReadOnlyList<string>)[row.Month, row.Country, row.AuthorityType, row.LegalProcess, row.Category, CallText.Of(row.Figures?.Received ?? 0)])],
            Prefix: "request",
            IsNamed: true),
    ];

    private static IEnumerable<IReadOnlyList<string>> Figures(IMessage? figures) => figures is null ? [] : figures.Descriptor.Fields.InFieldNumberOrder()
        .Where(field => !field.HasPresence || field.Accessor.HasValue(figures))
        .Select(field => (IReadOnlyList<string>)[field.Name, Text(field, figures)]);

    private static string Text(FieldDescriptor field, IMessage figures) => Convert.ToString(field.Accessor.GetValue(figures), CultureInfo.InvariantCulture)!;
}
