using System.Globalization;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Overrides;

/// <summary>What operators say, for people.</summary>
internal static class OverrideText
{
    /// <summary>What is in force now.</summary>
    public static IEnumerable<TextTable> Tables(OverrideServiceSetResponse response) =>
    [
        new TextTable(
            ["field", "value"],
            [
                ["id", response.Id],
                ["verdict", CallText.Of(response.Verdict)],
                ["level", CallText.Of(response.Level)],
                ["significant_bits", Of(response.SignificantBits)],
                ["expire_time", CallText.Of(response.ExpireTime)],
                ["replaced_ids", string.Join(' ', response.ReplacedIds)],
                ["replicas_acknowledged", Of(response.ReplicasAcknowledged)],
            ]),
    ];

    /// <summary>What is no longer in force.</summary>
    public static IEnumerable<TextTable> Tables(string id, OverrideServiceClearResponse response) =>
        [new TextTable(["field", "value"], [["cleared", id], ["replicas_acknowledged", Of(response.ReplicasAcknowledged)]])];

    /// <summary>All of it: a line each.</summary>
    public static IEnumerable<TextTable> Tables(OverrideServiceListResponse response) =>
    [
        new TextTable(
            ["id", "state", "verdict", "level", "naming", "set_time", "expire_time", "operator", "operator_identity", "reason"],
            [
                .. response.Overrides.Select(said => (IReadOnlyList<string>)
                [
                    said.Id, CallText.Of(said.State), CallText.Of(said.Verdict), CallText.Of(said.Level), CallText.Of(said.Naming),
                    CallText.Of(said.SetTime), CallText.Of(said.ExpireTime), said.Operator, said.OperatorIdentity, OneLine(said.Reason),
                ]),
            ]),
    ];

    // A field of a line: what an operator wrote may hold anything.
    private static string OneLine(string text) => string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter));

    private static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
