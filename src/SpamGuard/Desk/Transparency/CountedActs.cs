using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>What an act that is or may be done adds to the figures that are no requests of authorities.</summary>
internal static class CountedActs
{
    /// <summary>What it adds; null where nothing was done, and for an act that none of these figures tells of.</summary>
    /// <param name="intent">What was to be done.</param>
    /// <param name="outcome">What became of it.</param>
    public static ActFigures? Of(LedgerEntry intent, LedgerEntry outcome) => outcome.Result switch
    {
        LedgerEntry.Done when !outcome.IsUnconfirmed => Done(intent, outcome),
        LedgerEntry.Done or LedgerEntry.Unknown when Done(intent, outcome) is not null => ActFigures.None with { OutcomeUnknown = 1 },
        _ => null,
    };

    private static ActFigures? Done(LedgerEntry intent, LedgerEntry outcome) => intent.Act switch
    {
        LedgerAct.SubjectErase => outcome.Number("records") + (outcome.Number("report_lists") ?? 0) == 0
            ? ActFigures.None with { ErasuresNothingHeld = 1 }
            : ActFigures.None with { ErasuresDone = 1 },
        LedgerAct.SubjectInspect => ActFigures.None with { Inspections = 1 },
        LedgerAct.OverrideSet => ActFigures.None with
        {
            OverridesAllow = intent.Text("verdict") is "allow" ? 1 : 0,
            OverridesChallenge = intent.Text("verdict") is "challenge" ? 1 : 0,
            OverridesThrottle = intent.Text("verdict") is "throttle" ? 1 : 0,
            OverridesDeny = intent.Text("verdict") is "deny" ? 1 : 0,
            Appeals = intent.Text("naming") is "decision_token" && intent.Text("verdict") is "allow" ? 1 : 0,
        },
        LedgerAct.EpochRoll => ActFigures.None with { EpochRolls = 1 },
        _ => null,
    };
}
