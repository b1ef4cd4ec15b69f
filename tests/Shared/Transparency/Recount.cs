using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;

namespace SpamGuard.Testing.Transparency;

/// <summary>Counts a whole ledger once more, the slow and simple way: each request by what all entries say of it at the end.</summary>
internal static class Recount
{
    /// <summary>The figures of a period.</summary>
    public static (RequestFigures Total, IReadOnlyList<(Month Month, RequestFigures Requests, long Withheld, ActFigures Acts)> Months, IReadOnlyList<RequestRow> Rows) Of(
        IReadOnlyList<LedgerEntry> entries, ReportPeriod period, DateTimeOffset now)
    {
        var requests = Requests(entries, now.ToUnixTimeSeconds()).Where(request => period.From <= request.Month && request.Month <= period.To).ToList();
        var shown = requests.Where(static request => !request.IsWithheld).ToList();
        return (
            Figures(shown),
            [.. period.Months.Select(month => (
                month,
                Figures(shown.Where(request => request.Month == month)),
                (long)requests.Count(request => request.Month == month && request.IsWithheld),
                Acts(entries, month)))],
            [.. shown.GroupBy(static request => (request.Month, request.Kind))
                .OrderBy(static row => row.Key.Month).ThenBy(static row => row.Key.Kind)
                .Select(static row => new RequestRow(row.Key.Month, row.Key.Kind, Figures(row)))]);
    }

    private static IEnumerable<Request> Requests(IReadOnlyList<LedgerEntry> entries, long now)
    {
        var outcomes = entries.Where(static entry => entry.Phase == LedgerPhase.Outcome).ToDictionary(static entry => entry.Intent!.Value);
        var intents = entries.Where(static entry => entry.Phase == LedgerPhase.Intent).ToLookup(static entry => (entry.Act, entry.Text("disclosure")));
        foreach (var entry in entries)
        {
            if (entry.Act == LedgerAct.DisclosureRefuse)
            {
                yield return Of(entry, "rejected", entry.Time, 0, now);
            }
            else if (entry is { Act: LedgerAct.DisclosureOpen, Phase: LedgerPhase.Intent })
            {
                var decisions = intents[(LedgerAct.DisclosureDecide, entry.Text("disclosure"))].Select(one => (Intent: one, Outcome: outcomes.GetValueOrDefault(one.Seq))).ToList();
                var (decided, decision) = decisions.Find(static one => one.Intent.Text("decision") is "rejected" or "withdrawn" && one.Outcome?.IsDone == true);
                var executions = intents[(LedgerAct.DisclosureExecute, entry.Text("disclosure"))].Select(one => outcomes.GetValueOrDefault(one.Seq)).ToList();
                var executed = executions.FirstOrDefault(static one => one?.IsDone == true);
                yield return
                    executed is not null ? Of(entry, executed.Text("held")!, executed.Time, executed.Number("subjects_disclosed")!.Value, now)
                    : decision is not null ? Of(entry, decided.Text("decision")!, decided.Text("decision") == "rejected" ? decision.Time : null, 0, now)
                    : executions.Exists(static one => one?.Result == LedgerEntry.Unknown) ? Of(entry, "unknown", null, 0, now)
                    : now >= Time(entry, "valid_until") && !executions.Contains(null) && !decisions.Exists(static one => one.Outcome is null) ? Of(entry, "expired", null, 0, now)
                    : Of(entry, "pending", null, 0, now);
            }
        }
    }

    private static Request Of(LedgerEntry received, string answer, DateTimeOffset? answered, long disclosed, long now) => new(
        Month.Of(received.Time),
        new RequestKind(received.Text("country")!, received.Text("authority_type")!, received.Text("legal_process")!, received.Text("category")!),
        answer,
        received.Number("subjects")!.Value,
        disclosed,
        answered is { } time ? (int)Math.Floor((time - received.Time).TotalDays) : null,
        now < (received.Number("withhold_until") is null ? long.MinValue : Time(received, "withhold_until")));

    private static long Time(LedgerEntry entry, string name) => entry.Number(name)!.Value;

    private static RequestFigures Figures(IEnumerable<Request> requests)
    {
        var all = requests.ToList();
        var days = all.Where(static request => request.Days is not null).Select(static request => request.Days!.Value).Order().ToList();
        return new RequestFigures(
            all.Count,
            Count("rejected"), Count("withdrawn"), Count("pending"), Count("nothing"), Count("partly"), Count("fully"), Count("expired"), Count("unknown"),
            all.Sum(static request => request.Subjects),
            all.Sum(static request => request.Disclosed),
            days.Count == 0 ? null : days.Count % 2 == 1 ? days[days.Count / 2] : (days[(days.Count / 2) - 1] + days[days.Count / 2]) / 2.0);

        long Count(string answer) => all.Count(request => request.Answer == answer);
    }

    private static ActFigures Acts(IReadOnlyList<LedgerEntry> entries, Month month)
    {
        var intents = entries.Where(entry => entry.Phase == LedgerPhase.Intent && Month.Of(entry.Time) == month).ToDictionary(static entry => entry.Seq);
        var done = entries.Where(entry => entry.IsDone && !CanBeUndone(entry) && intents.ContainsKey(entry.Intent!.Value)).Select(entry => (Intent: intents[entry.Intent!.Value], Outcome: entry)).ToList();
        return new ActFigures(
            Count(LedgerAct.SubjectErase, static one => one.Outcome.Number("records") > 0 || one.Outcome.Number("report_lists") > 0),
            Count(LedgerAct.SubjectErase, static one => one.Outcome.Number("records") == 0 && one.Outcome.Number("report_lists") == 0),
            Count(LedgerAct.SubjectInspect, static _ => true),
            Count(LedgerAct.OverrideSet, static one => one.Intent.Text("verdict") == "allow"),
            Count(LedgerAct.OverrideSet, static one => one.Intent.Text("verdict") == "challenge"),
            Count(LedgerAct.OverrideSet, static one => one.Intent.Text("verdict") == "throttle"),
            Count(LedgerAct.OverrideSet, static one => one.Intent.Text("verdict") == "deny"),
            Count(LedgerAct.OverrideSet, static one => one.Intent.Text("naming") == "decision_token" && one.Intent.Text("verdict") == "allow"),
            Count(LedgerAct.EpochRoll, static _ => true),
            entries.Count(entry => (entry.Result == LedgerEntry.Unknown || (entry.IsDone && CanBeUndone(entry))) && intents.ContainsKey(entry.Intent!.Value)
                && entry.Act is LedgerAct.SubjectErase or LedgerAct.SubjectInspect or LedgerAct.OverrideSet or LedgerAct.EpochRoll));

        long Count(LedgerAct act, Func<(LedgerEntry Intent, LedgerEntry Outcome), bool> isOne) => done.Count(one => one.Intent.Act == act && isOne(one));
    }

    private static bool CanBeUndone(LedgerEntry outcome) => outcome.Data["confirmed"]?.ToJsonString() == "false";

    private sealed record Request(Month Month, RequestKind Kind, string Answer, long Subjects, long Disclosed, int? Days, bool IsWithheld);
}
