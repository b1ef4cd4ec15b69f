using System.Globalization;
using SpamGuard.Cli.Calls;
using SpamGuard.Cli.Subjects;
using SpamGuard.V1;

namespace SpamGuard.Cli.Disclosures;

/// <summary>Orders, and what is held on those that they name, for people.</summary>
internal static class DisclosureText
{
    /// <summary>An order, and its key where that is not written to a file.</summary>
    public static IEnumerable<TextTable> Tables(DisclosureServiceOpenResponse response) =>
        [response.OrderKey.Length > 0 ? Table(response.Disclosure, ["order_key", response.OrderKey]) : Table(response.Disclosure)];

    /// <summary>An order, which of its addresses something is held on, and what: by their places.</summary>
    public static IEnumerable<TextTable> Tables(DisclosureServiceExecuteResponse response) =>
    [
        Table(response.Disclosure, ["read_time", CallText.Of(response.ReadTime)]),
        new TextTable(
            ["index", "significant_bits", "epochs"],
            [.. response.Results.Select(result => (IReadOnlyList<string>)[Of(result.Index), Of(result.SignificantBits), Of(result.Epochs.Count)])],
            Prefix: "result",
            IsNamed: true),
        new TextTable(
            ["index", .. SubjectText.EpochColumns],
            [.. response.Results.SelectMany(result => result.Epochs.Select(epoch => (IReadOnlyList<string>)[Of(result.Index), .. SubjectText.Row(epoch)]))],
            Prefix: "epoch",
            IsNamed: true),
    ];

    /// <summary>Orders, one a line.</summary>
    public static IEnumerable<TextTable> Tables(DisclosureServiceListResponse response) =>
    [
        new TextTable(
            ["disclosure_id", "state", "open_time", "valid_until", "country", "authority_type", "legal_process", "category", "named", "held", "disclosed"],
            [
                .. response.Disclosures.Select(one => (IReadOnlyList<string>)
                [
                    one.DisclosureId, CallText.Of(one.State), CallText.Of(one.OpenTime), CallText.Of(one.ValidUntil), one.Country, CallText.Of(one.AuthorityType),
                    CallText.Of(one.LegalProcess), CallText.Of(one.Category), Of(one.Named), Held(one), Of(one.Disclosed),
                ]),
            ]),
    ];

    /// <summary>One order.</summary>
    public static TextTable Table(Disclosure disclosure, params IReadOnlyList<string>[] more)
    {
        List<IReadOnlyList<string>> fields =
        [
            ["disclosure_id", disclosure.DisclosureId],
            ["state", CallText.Of(disclosure.State)],
            ["country", disclosure.Country],
            ["authority_type", CallText.Of(disclosure.AuthorityType)],
            ["legal_process", CallText.Of(disclosure.LegalProcess)],
            ["category", CallText.Of(disclosure.Category)],
            ["named", Of(disclosure.Named)],
            ["valid_until", CallText.Of(disclosure.ValidUntil)],
            ["withhold_until", CallText.Of(disclosure.WithholdUntil)],
            ["open_time", CallText.Of(disclosure.OpenTime)],
            ["opened_by", Of(disclosure.OpenedBy)],
            ["decide_time", CallText.Of(disclosure.DecideTime)],
            ["decided_by", Of(disclosure.DecidedBy)],
            ["decide_reason", disclosure.DecideReason],
            ["execute_time", CallText.Of(disclosure.ExecuteTime)],
            ["executed_by", Of(disclosure.ExecutedBy)],
            ["held", Held(disclosure)],
            ["disclosed", Of(disclosure.Disclosed)],
            .. more,
        ];
        return new TextTable(["field", "value"], fields);
    }

    private static string Held(Disclosure disclosure) => disclosure.Held == DisclosureHeld.Unspecified ? string.Empty : CallText.Of(disclosure.Held);

    private static string Of(DisclosureParty? party) => party is null ? string.Empty : $"{party.Caller} ({party.Identity})";

    private static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
