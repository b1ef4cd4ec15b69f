using System.Globalization;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Subjects;

/// <summary>What is held on an address, and receipts, for people.</summary>
internal static class SubjectText
{
    /// <summary>The columns of <see cref="Row"/>.</summary>
    public static readonly IReadOnlyList<string> EpochColumns =
    [
        "epoch", "expire_time", "first_seen_day", "last_seen_day", "units", "units_day_before", "units_before", "spam_reports", "legitimate_reports",
        "reports_remembered", "reports_expire_time", "fast_burst_end_time", "slow_burst_end_time", "met", "blamed", "praised",
    ];

    /// <summary>What is held: a line for each epoch.</summary>
    public static IEnumerable<TextTable> Tables(InspectResponse response) =>
    [
        new TextTable(
            ["field", "value"],
            [
                ["held", response.Epochs.Count > 0 ? "true" : "false"],
                ["read_time", CallText.Of(response.ReadTime)],
                ["significant_bits", Of(response.SignificantBits)],
                .. response.Override is { } said
                    ? new IReadOnlyList<string>[] { ["override_verdict", CallText.Of(said.Verdict)], ["override_expire_time", CallText.Of(said.ExpireTime)] }
                    : [],
            ]),
        new TextTable(EpochColumns, [.. response.Epochs.Select(Row)], Prefix: "epoch", IsNamed: true),
    ];

    /// <summary>A receipt, and what is left.</summary>
    public static IEnumerable<TextTable> Tables(EraseResponse response) =>
    [
        new TextTable(
            ["field", "value"],
            [
                ["erase_time", CallText.Of(response.EraseTime)],
                ["records_deleted", Of(response.RecordsDeleted)],
                ["report_lists_deleted", Of(response.ReportListsDeleted)],
                ["replicas_acknowledged", Of(response.ReplicasAcknowledged)],
                ["significant_bits", Of(response.SignificantBits)],
            ]),
        new TextTable(
            ["remains", "until", "what"],
            [.. response.Remains.Select(left => (IReadOnlyList<string>)[CallText.Of(left.Kind), CallText.Of(left.EndTime), left.Description])],
            Prefix: "remains"),
    ];

    /// <summary>What is held of one epoch.</summary>
    public static IReadOnlyList<string> Row(HeldEpoch epoch)
    {
        var (record, reports) = (epoch.Record ?? new AddressRecord(), epoch.Reports ?? new RememberedReports());
        var members = record.Members ?? new DistinctMembers();
        return
        [
            CallText.Of(epoch.StartTime), CallText.Of(record.ExpireTime), CallText.Of(record.FirstSeenDay), CallText.Of(record.LastSeenDay),
            Of(record.Units), Of(record.UnitsDayBefore), Of(record.UnitsBefore), Of(record.SpamReports), Of(record.LegitimateReports),
            Of(reports.Count), CallText.Of(reports.ExpireTime),
            CallText.Of(record.FastBurstEndTime), CallText.Of(record.SlowBurstEndTime), Of(members.Met), Of(members.Blamed), Of(members.Praised),
        ];
    }

    private static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
