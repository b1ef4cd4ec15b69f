using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>
/// Counts what the ledger says, month by month. It holds the rows that there are, and the requests whose figures can still change or hang on the time; not the
/// entries. For concurrent use.
/// </summary>
/// <remarks>
/// A request counts in the month of its receipt, and every other act in that of its INTENT. Time changes figures too: an order expires, and one that was
/// withheld is revealed. Figures are those of what the entries say and of the time that they are asked for, whoever asked before and for what time: so a
/// restart comes to the same, and what an entry says counts even where it was stamped before a validity's end and is read behind it.
/// </remarks>
internal sealed class TransparencyBook : ILedgerBook
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<Month, MonthTally> _months = []; // but for what is open
    private readonly Dictionary<string, OpenRequest> _open = new(StringComparer.Ordinal);
    private readonly PriorityQueue<OpenRequest, long> _due = new(); // when time may change one, in unix seconds
    private readonly Dictionary<long, LedgerEntry> _begun = []; // INTENTs that have no OUTCOME yet
    private ReportPeriod? _span;
    private long _revision;

    /// <inheritdoc/>
    public void Read(LedgerEntry entry)
    {
        lock (_gate)
        {
            var now = entry.Time.ToUnixTimeSeconds();
            while (_due.TryPeek(out var due, out var time) && time <= now)
            {
                _due.Dequeue();
                due.Pass(now, _revision);
            }

            _revision = entry.Seq;
            var month = Month.Of(entry.Time);
            _span = _span is { } span ? new ReportPeriod(month < span.From ? month : span.From, span.To < month ? month : span.To) : new ReportPeriod(month, month); // a clock may have been put back
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
                    About(entry)?.Begins();
                    break;
                case LedgerPhase.Outcome when entry.Intent is { } seq && _begun.Remove(seq, out var intent):
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

    /// <summary>What tells whether any figure has changed: the last entry, and how many of the open requests time alone has changed.</summary>
    public (long Revision, long Turns) Version(DateTimeOffset now)
    {
        lock (_gate)
        {
            var second = now.ToUnixTimeSeconds();
            return (_revision, _open.Values.Sum(request => request.TurnsAt(second)));
        }
    }

    /// <summary>The figures of a period as they are now.</summary>
    public BookFigures Figures(ReportPeriod period, DateTimeOffset now)
    {
        lock (_gate)
        {
            var second = now.ToUnixTimeSeconds();
            var open = _open.Values.ToLookup(static request => request.Month);
            var total = new RequestTally();
            var months = new List<MonthFigures>(period.Length);
            var rows = new List<RequestRow>();
            foreach (var month in period.Months)
            {
                var tally = new MonthTally(_months.GetValueOrDefault(month));
                foreach (var request in open[month])
                {
                    tally.Add(request, second, _revision);
                }

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
        if (About(intent) is { } request)
        {
            request.Ends();
            if (AnswerOf(intent, outcome) is { } answer)
            {
                Answer(request, answer, outcome, now);
            }
            else
            {
                request.Pass(now, _revision); // it did not expire meanwhile
                _due.Enqueue(request, request.ValidUntil);
            }
        }
        else if (CountedActs.Of(intent, outcome) is { } act)
        {
            Changed(Month.Of(intent.Time)).Acts += act;
        }
    }

    // null where it is as open as before.
    private static RequestAnswer? AnswerOf(LedgerEntry intent, LedgerEntry outcome) => intent.Act switch
    {
        LedgerAct.DisclosureDecide when outcome.IsDone => DisclosureEntries.KindOf(intent) switch
        {
            DecisionKind.Rejected => RequestAnswer.Rejected,
            DecisionKind.Withdrawn => RequestAnswer.Withdrawn,
            _ => null,
        },
        LedgerAct.DisclosureExecute when outcome.IsDone => Held(outcome.Text("held")),
        LedgerAct.DisclosureExecute when outcome.Result is LedgerEntry.Unknown => RequestAnswer.OutcomeUnknown,
        _ => null,
    };

    private static RequestAnswer Held(string? held) => held switch
    {
        "nothing" => RequestAnswer.NothingHeld,
        "partly" => RequestAnswer.PartlyDisclosed,
        "fully" => RequestAnswer.FullyDisclosed,
        _ => RequestAnswer.OutcomeUnknown,
    };

    // The open request that an INTENT is about; null where it is about none.
    private OpenRequest? About(LedgerEntry intent) =>
        intent.Act is LedgerAct.DisclosureDecide or LedgerAct.DisclosureExecute ? _open.GetValueOrDefault(DisclosureEntries.IdOf(intent)) : null;

    private void Receive(OpenRequest request, long now)
    {
        Changed(request.Month);
        _open[request.Id] = request;
        foreach (var time in request.Dues)
        {
            _due.Enqueue(request, time);
        }

        Settle(request, now);
    }

    // What happens to a withheld request changes no figure, and no number that says when one changed.
    private void Answer(OpenRequest request, RequestAnswer answer, LedgerEntry outcome, long now)
    {
        request.Becomes(answer, answer is RequestAnswer.OutcomeUnknown or RequestAnswer.Withdrawn ? null : outcome.Time, outcome.Number("subjects_disclosed") ?? 0);
        if (!request.IsWithheldAt(now))
        {
            Changed(request.Month);
        }

        Settle(request, now);
    }

    private void Settle(OpenRequest request, long now)
    {
        if (request.IsDone)
        {
            _open.Remove(request.Id);
            Changed(request.Month).Add(request, now, _revision);
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
