using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>
/// Counts what the ledger says, month by month. It holds the rows that there are, and the requests whose figures can still change; not the entries.
/// For concurrent use.
/// </summary>
/// <remarks>
/// A request counts in the month of its receipt, and every other act in that of its INTENT. Time changes figures too: an order expires, and one that was
/// withheld is revealed. Both happen before the next entry is read or the next report is made, so that a restart comes to the same.
/// </remarks>
internal sealed class TransparencyBook : ILedgerBook
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<Month, MonthTally> _months = [];
    private readonly Dictionary<string, OpenRequest> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<long, LedgerEntry> _begun = []; // INTENTs that have no OUTCOME yet
    private ReportPeriod? _span;
    private long _due = long.MaxValue;
    private long _revision;
    private long _turns;

    /// <inheritdoc/>
    public void Read(LedgerEntry entry)
    {
        lock (_gate)
        {
            var now = entry.Time.ToUnixTimeSeconds();
            Turn(now);
            _revision = entry.Seq;
            var month = Month.Of(entry.Time);
            _span = _span is { } span ? new ReportPeriod(span.From, span.To < month ? month : span.To) : new ReportPeriod(month, month);
            switch (entry.Phase)
            {
                case LedgerPhase.Note when entry.Act == LedgerAct.DisclosureRefuse:
                    var refused = new OpenRequest(entry);
                    refused.Becomes(RequestAnswer.Rejected, entry.Time);
                    Receive(refused, now);
                    break;
                case LedgerPhase.Intent when entry.Act == LedgerAct.DisclosureOpen:
                    Receive(new OpenRequest(entry), now); // it was received, whatever comes of its opening
                    break;
                case LedgerPhase.Intent:
                    _begun[entry.Seq] = entry;
                    Touch(entry, isBusy: true);
                    break;
                case LedgerPhase.Outcome when entry.Intent is { } seq && _begun.Remove(seq, out var intent):
                    Touch(intent, isBusy: false);
                    End(intent, entry, now);
                    break;
            }
        }
    }

    /// <summary>The months that there are figures of: from that of the ledger's first entry to now.</summary>
    public ReportPeriod Span(DateTimeOffset now)
    {
        lock (_gate)
        {
            var month = Month.Of(now);
            return _span is not { } span ? new ReportPeriod(month, month) : new ReportPeriod(span.From, span.To < month ? month : span.To);
        }
    }

    /// <summary>What tells whether any figure has changed.</summary>
    public (long Revision, long Turns) Version(DateTimeOffset now)
    {
        lock (_gate)
        {
            Turn(now.ToUnixTimeSeconds());
            return (_revision, _turns);
        }
    }

    /// <summary>The figures of a period as they are now.</summary>
    public BookFigures Figures(ReportPeriod period, DateTimeOffset now)
    {
        lock (_gate)
        {
            Turn(now.ToUnixTimeSeconds());
            var total = new RequestTally();
            var months = new List<MonthFigures>(period.Length);
            var rows = new List<RequestRow>();
            foreach (var month in period.Months)
            {
                var tally = _months.GetValueOrDefault(month) ?? new MonthTally();
                var all = new RequestTally();
                foreach (var (kind, row) in tally.Rows)
                {
                    all.Add(row);
                    rows.Add(new RequestRow(month, kind, row.Figures()));
                }

                total.Add(all);
                months.Add(new MonthFigures(month, all.Figures(), tally.Withheld, tally.Acts, tally.Changed));
            }

            return new BookFigures(_revision, total.Figures(), months, rows);
        }
    }

    private void End(LedgerEntry intent, LedgerEntry outcome, long now)
    {
        var isDone = outcome.IsDone;
        switch (intent.Act)
        {
            case LedgerAct.DisclosureDecide when isDone && DisclosureEntries.KindOf(intent) is DecisionKind.Rejected:
                Answer(intent, RequestAnswer.Rejected, outcome, now);
                break;
            case LedgerAct.DisclosureDecide when isDone && DisclosureEntries.KindOf(intent) is DecisionKind.Withdrawn:
                Answer(intent, RequestAnswer.Withdrawn, outcome, now);
                break;
            case LedgerAct.DisclosureExecute when isDone:
                Answer(intent, Held(outcome.Text("held")), outcome, now);
                break;
            case LedgerAct.DisclosureExecute when outcome.Result is LedgerEntry.Unknown:
                Answer(intent, RequestAnswer.OutcomeUnknown, outcome, now);
                break;
            case LedgerAct.DisclosureDecide or LedgerAct.DisclosureExecute:
                Turn(now); // it did not expire meanwhile
                break;
            default:
                if (CountedActs.Of(intent, outcome) is { } act)
                {
                    var tally = Changed(Month.Of(intent.Time));
                    tally.Acts += act;
                }

                break;
        }
    }

    private static RequestAnswer Held(string? held) => held switch
    {
        "nothing" => RequestAnswer.NothingHeld,
        "partly" => RequestAnswer.PartlyDisclosed,
        "fully" => RequestAnswer.FullyDisclosed,
        _ => RequestAnswer.OutcomeUnknown,
    };

    private void Touch(LedgerEntry intent, bool isBusy)
    {
        if (intent.Act is LedgerAct.DisclosureDecide or LedgerAct.DisclosureExecute && _open.TryGetValue(intent.Text("disclosure") ?? string.Empty, out var request))
        {
            request.IsBusy = isBusy;
            _due = Math.Min(_due, request.Due);
        }
    }

    private void Receive(OpenRequest request, long now)
    {
        _open[request.Id] = request;
        if (request.WithheldUntil is null)
        {
            Changed(request.Month).Row(request.Kind).Add(request);
        }
        else
        {
            Changed(request.Month).Withheld++;
        }

        Settle(request, now);
    }

    private void Answer(LedgerEntry intent, RequestAnswer answer, LedgerEntry outcome, long now)
    {
        if (_open.TryGetValue(intent.Text("disclosure") ?? string.Empty, out var request))
        {
            Become(request, answer, answer is RequestAnswer.OutcomeUnknown or RequestAnswer.Withdrawn ? null : outcome.Time, outcome.Number("subjects_disclosed") ?? 0);
            Settle(request, now);
        }
    }

    // What happens to a withheld request changes no figure, and no number that says when one changed.
    private void Become(OpenRequest request, RequestAnswer answer, DateTimeOffset? at, long subjectsDisclosed)
    {
        var row = request.WithheldUntil is null ? Changed(request.Month).Row(request.Kind) : null;
        row?.Remove(request);
        request.Becomes(answer, at, subjectsDisclosed);
        row?.Add(request);
    }

    private void Turn(long now)
    {
        if (now < _due)
        {
            return;
        }

        _due = long.MaxValue;
        foreach (var request in _open.Values.ToList())
        {
            Settle(request, now);
        }
    }

    /// <summary>Does what time alone does to a request, and forgets one that is done with.</summary>
    private void Settle(OpenRequest request, long now)
    {
        if (request.Answer == RequestAnswer.Pending && !request.IsBusy && now >= request.ValidUntil)
        {
            Become(request, RequestAnswer.ExpiredUnexecuted, at: null, subjectsDisclosed: 0);
            _turns += request.WithheldUntil is null ? 1 : 0; // the report is made anew at a turn: that of a withheld request must not show
        }

        if (now >= request.WithheldUntil)
        {
            request.Reveal();
            var month = Changed(request.Month);
            month.Withheld--;
            month.Row(request.Kind).Add(request);
            _turns++;
        }

        if (request.IsDone)
        {
            _open.Remove(request.Id);
        }
        else
        {
            _due = Math.Min(_due, request.Due);
        }
    }

    private MonthTally Changed(Month month)
    {
        if (!_months.TryGetValue(month, out var tally))
        {
            _months.Add(month, tally = new MonthTally());
        }

        tally.Changed = _revision;
        return tally;
    }
}
