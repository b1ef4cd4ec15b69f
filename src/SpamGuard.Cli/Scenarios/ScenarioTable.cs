using System.Globalization;
using SpamGuard.Cli.Scenarios.Gates;

namespace SpamGuard.Cli.Scenarios;

/// <summary>How scenarios fared, for people: one line a gate.</summary>
internal static class ScenarioTable
{
    private static readonly string[] Headers =
    [
        "scenario", "mode", "events", "ALLOW", "CHALLENGE", "THROTTLE", "DENY", "first CHALLENGE", "first THROTTLE", "first DENY",
        "gate", "measured", "margin", "result",
    ];

    /// <summary>The table of a report.</summary>
    public static TextTable Of(ScenarioReport report) => new(Headers, [.. report.Scenarios.SelectMany(Lines)]);

    private static IEnumerable<IReadOnlyList<string>> Lines(ScenarioRow row)
    {
        IReadOnlyList<string> figures =
        [
            $"{row.Scenario}: {row.Part}",
            row.Mode,
            row.Events.ToString(CultureInfo.InvariantCulture),
            .. new[] { row.Allow, row.Challenge, row.Throttle, row.Deny }.Select(GateUnits.Share),
            .. new[] { row.FirstChallenge, row.FirstThrottle, row.FirstDeny }.Select(first => GateUnit.Ordinal.Write(first)),
        ];
        return row.Gates.Count == 0
            ? [[.. figures, "-", "-", "-", "-"]]
            : row.Gates.Select(IReadOnlyList<string> (gate) =>
                [.. figures, gate.Gate, gate.Unit.Write(gate.Measured), Margin(gate), gate.Result]);
    }

    private static string Margin(GateRow gate) => gate.Outcome is GateResult.Pass or GateResult.Fail ? GateUnits.Share(gate.Margin) : "-";
}
