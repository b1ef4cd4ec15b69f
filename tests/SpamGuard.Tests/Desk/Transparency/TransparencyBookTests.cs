using System.Text.Json.Nodes;
using CsCheck;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Testing.Transparency;

namespace SpamGuard.Tests.Desk.Transparency;

public sealed class TransparencyBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly TransparencyBook _book = new();
    private DateTimeOffset _now = Start;
    private long _seq;

    [Fact]
    public void Figures_OfRandomLedgers_AreThoseOfARecount() => Gen.Select(Gen.Int, Gen.Int[1, 400], Gen.Int[0, 500]).Sample((seed, count, days) =>
    {
        var entries = RandomLedger.Of(seed, count, Start, Start.AddDays(365));
        var now = entries[^1].Time.AddDays(days);
        var book = new TransparencyBook();
        var random = new Random(seed);
        foreach (var entry in entries)
        {
            Look(book, entry, random); // it is stamped, and on its way to the disk
            book.Read(entry);
            Look(book, entry, random);
        }

        var period = book.Span(now);
        var figures = book.Figures(period, now);
        var (total, months, rows) = Recount.Of(entries, period, now);

        Assert.Equal(entries.Count, figures.Revision);
        Assert.Equal(total, figures.Total);
        Assert.Equal(months, figures.Months.Select(static month => (month.Month, month.Requests, month.Withheld, month.Acts)));
        Assert.Equal(rows, figures.Rows.Where(static row => row.Figures.Received > 0));
        Assert.Equal(
            figures.Total.Received,
            FigureColumns.Answers.Sum(column => (long)column.Of(figures.Total)!.Value)); // each is in one of them
    });

    [Fact]
    public void Figures_AfterARestart_AreThoseOfBefore() => Gen.Select(Gen.Int, Gen.Int[1, 200]).Sample((seed, count) =>
    {
        var entries = RandomLedger.Of(seed, count, Start, Start.AddDays(200));
        var now = entries[^1].Time.AddDays(20);
        var (watched, restarted, random) = (new TransparencyBook(), new TransparencyBook(), new Random(seed));
        foreach (var entry in entries)
        {
            Look(watched, entry, random);
            watched.Read(entry);
            restarted.Read(entry);
        }

        Assert.Equal(watched.Figures(watched.Span(now), now).Months, restarted.Figures(restarted.Span(now), now).Months);
    });

    [Fact]
    public void Figures_ARequestThroughItsWay_StandsInOneNumberAtATime()
    {
        Open("a", subjects: 3);
        Assert.Equal((1, 1, 0, 0), Numbers());

        Done(LedgerAct.DisclosureDecide, new() { ["disclosure"] = "a", ["decision"] = "approved" });
        Assert.Equal((1, 1, 0, 0), Numbers());

        _now = Start.AddDays(5);
        Done(LedgerAct.DisclosureExecute, new() { ["disclosure"] = "a" }, new() { ["held"] = "partly", ["subjects_disclosed"] = 2L });
        Assert.Equal((1, 0, 1, 0), Numbers());
        Assert.Equal((3, 2, 5), (Total.SubjectsRequested, Total.SubjectsDisclosed, Total.MedianDays));
    }

    [Fact]
    public void Span_OfALedgerWhoseClockWasPutBack_BeginsWithTheEarliestMonth()
    {
        Open("a", subjects: 1);
        _now = Start.AddMonths(-1);
        Open("b", subjects: 2);

        var span = _book.Span(Start);

        Assert.Equal((Month.Of(Start.AddMonths(-1)), Month.Of(Start)), (span.From, span.To));
        Assert.Equal(3, _book.Figures(span, Start).Total.SubjectsRequested);
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("withdrawn")]
    [InlineData("executed")]
    public void Figures_OfWhatWasStampedInTimeAndIsReadLate_AreThoseOfTheEntries(string answer)
    {
        Open("a", validDays: 10);
        _now = Start.AddDays(10);
        Assert.Equal(1, Total.ExpiredUnexecuted); // somebody looks while the entry is on its way to the disk
        Add(LedgerPhase.Note, LedgerAct.PolicyObserved, null, []);
        _now = _now.AddMilliseconds(-5); // or the clock is put back
        var intent = answer == "executed"
            ? Intent(LedgerAct.DisclosureExecute, new() { ["disclosure"] = "a" })
            : Intent(LedgerAct.DisclosureDecide, new() { ["disclosure"] = "a", ["decision"] = answer });
        _now = _now.AddMinutes(1);
        Assert.Equal((1, 0), (Total.Pending, Total.ExpiredUnexecuted));

        End(intent, LedgerEntry.Done, answer == "executed" ? new() { ["held"] = "fully", ["subjects_disclosed"] = 1L } : []);

        var figures = Total;
        var (rejected, withdrawn, disclosed) = (answer == "rejected" ? 1 : 0, answer == "withdrawn" ? 1 : 0, answer == "executed" ? 1 : 0);
        Assert.Equal(
            (1, 0, 0, rejected, withdrawn, disclosed, disclosed),
            (figures.Received, figures.Pending, figures.ExpiredUnexecuted, figures.Rejected, figures.Withdrawn, figures.FullyDisclosed, figures.SubjectsDisclosed));
    }

    [Fact]
    public void Figures_WhenOnlyTimeChangedThem_NameTheLastEntryOfThatTime()
    {
        Open("a", validDays: 10);
        _now = Start.AddDays(10).AddMilliseconds(-5);
        Add(LedgerPhase.Note, LedgerAct.PolicyObserved, null, []);
        var last = _seq;
        _now = Start.AddDays(10);
        Assert.Equal((1, last), (Total.ExpiredUnexecuted, Months[0].Changed));

        Add(LedgerPhase.Note, LedgerAct.PolicyObserved, null, []);

        Assert.Equal(last, Months[0].Changed);
    }

    [Theory]
    [InlineData("rejected", 1, 0, 0.0)]
    [InlineData("withdrawn", 0, 1, null)] // whether anybody was answered is not known
    public void Figures_OfAnApprovalThatIsTakenBack_AreThoseOfTheLastDecision(string decision, long rejected, long withdrawn, double? days)
    {
        Open("a");
        Done(LedgerAct.DisclosureDecide, new() { ["disclosure"] = "a", ["decision"] = "approved" });
        Done(LedgerAct.DisclosureDecide, new() { ["disclosure"] = "a", ["decision"] = decision });

        Assert.Equal((1, 0, rejected, withdrawn, days), (Total.Received, Total.Pending, Total.Rejected, Total.Withdrawn, Total.MedianDays));
    }

    [Fact]
    public void Figures_OfAnOpeningThatIsNotEnteredToItsEnd_HaveTheRequest()
    {
        var intent = Intent(LedgerAct.DisclosureOpen, Request("a", "terrorism"));
        Assert.Equal((1, 1), (Total.Received, Total.Pending));

        Done(LedgerAct.DisclosureDecide, new() { ["disclosure"] = "a", ["decision"] = "withdrawn" });
        End(intent, LedgerEntry.Unknown);

        Assert.Equal((1, 0, 1), (Total.Received, Total.Pending, Total.Withdrawn));
    }

    [Fact]
    public void Figures_ExecutionThatFailed_MayBeTriedAgain()
    {
        Open("a");
        End(Intent(LedgerAct.DisclosureExecute, new() { ["disclosure"] = "a" }), LedgerEntry.Failed);
        Assert.Equal(1, Total.Pending);

        End(Intent(LedgerAct.DisclosureExecute, new() { ["disclosure"] = "a" }), LedgerEntry.Unknown);
        Assert.Equal((0, 1), (Total.Pending, Total.OutcomeUnknown));
        Assert.Null(Total.MedianDays);
    }

    [Fact]
    public void Figures_WhenItsValidityEnds_ARequestExpiresWithoutAnEntry()
    {
        Open("a", validDays: 10);
        _now = Start.AddDays(10).AddSeconds(-1);
        Assert.Equal(1, Total.Pending);
        var before = _book.Version(_now);

        _now = Start.AddDays(10);
        Assert.Equal((0, 1), (Total.Pending, Total.ExpiredUnexecuted));
        Assert.NotEqual(before, _book.Version(_now));
    }

    [Fact]
    public void Figures_WhileItIsExecuted_ARequestDoesNotExpire()
    {
        Open("a", validDays: 10);
        _now = Start.AddDays(10).AddSeconds(-1);
        var intent = Intent(LedgerAct.DisclosureExecute, new() { ["disclosure"] = "a" });
        _now = _now.AddMinutes(1);
        Assert.Equal(1, Total.Pending);

        End(intent, LedgerEntry.Failed);
        Assert.Equal(1, Total.ExpiredUnexecuted);
    }

    [Fact]
    public void Figures_OfAWithheldRequest_ShowNothingButItsNumberUntilItMayBeShown()
    {
        Open("a", withholdDays: 60, subjects: 4);
        var changed = Months[0].Changed;
        Done(LedgerAct.DisclosureExecute, new() { ["disclosure"] = "a" }, new() { ["held"] = "fully", ["subjects_disclosed"] = 4L });

        Assert.Equal(new RequestFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null), Total);
        Assert.Empty(_book.Figures(_book.Span(_now), _now).Rows);
        Assert.Equal((1, changed), (Months[0].Withheld, Months[0].Changed));

        _now = Start.AddDays(60).AddSeconds(-1);
        Assert.Equal(0, Total.Received);
        _now = Start.AddDays(60);
        Assert.Equal((1, 1, 4), (Total.Received, Total.FullyDisclosed, Total.SubjectsDisclosed));
        Assert.Equal((new Month((2026 * 12) + 2), 0, _seq), (Months[0].Month, Months[0].Withheld, Months[0].Changed));

        _now = Start.AddDays(60).AddSeconds(-1); // a clock that was wrong reveals nothing for good
        Assert.Equal((0, 1), (Total.Received, Months[0].Withheld));
    }

    [Fact]
    public void Version_WhenAWithheldRequestExpires_StaysAsItIsUntilItMayBeShown()
    {
        Open("a", validDays: 3, withholdDays: 60);
        var before = _book.Version(_now);

        Assert.Equal(before, _book.Version(Start.AddDays(4)));
        Assert.NotEqual(before, _book.Version(Start.AddDays(60)));
    }

    [Fact]
    public void Figures_OfWhatTheGateRefused_AreReceivedAndRejected()
    {
        Add(LedgerPhase.Note, LedgerAct.DisclosureRefuse, null, Request("a", "other"));

        Assert.Equal((1, 1, 0.0), (Total.Received, Total.Rejected, Total.MedianDays));
    }

    [Fact]
    public void Figures_OfActs_CountWhatWasDoneOnly()
    {
        Done(LedgerAct.SubjectErase, [], new() { ["records"] = 2L });
        Done(LedgerAct.SubjectErase, [], new() { ["records"] = 0L });
        End(Intent(LedgerAct.SubjectErase, []), LedgerEntry.Failed);
        Done(LedgerAct.OverrideSet, new() { ["verdict"] = "allow", ["naming"] = "decision_token" });
        Done(LedgerAct.OverrideSet, new() { ["verdict"] = "deny", ["naming"] = "decision_token" });
        Done(LedgerAct.EpochRoll, []);
        Done(LedgerAct.OverrideClear, []);

        Assert.Equal(new ActFigures(1, 1, 0, 1, 0, 0, 1, 1, 1, 0), Months[0].Acts);
    }

    [Fact]
    public void Figures_OfActsThatMayBeDone_CountThemByThemselves()
    {
        foreach (var act in (LedgerAct[])[LedgerAct.SubjectErase, LedgerAct.SubjectInspect, LedgerAct.OverrideSet, LedgerAct.OverrideClear, LedgerAct.EpochRoll])
        {
            End(Intent(act, new() { ["verdict"] = "deny" }), LedgerEntry.Unknown);
        }

        Assert.Equal(ActFigures.None with { OutcomeUnknown = 4 }, Months[0].Acts);
    }

    [Fact]
    public void Figures_OfActsThatTooFewReplicasHaveConfirmed_CountThemAsPerhapsDone()
    {
        Done(LedgerAct.SubjectErase, [], new() { ["records"] = 2L, ["replicas"] = 0, ["confirmed"] = false });
        Done(LedgerAct.OverrideSet, new() { ["verdict"] = "allow", ["naming"] = "decision_token" }, new() { ["replicas"] = 0, ["confirmed"] = false });
        Done(LedgerAct.OverrideClear, [], new() { ["replicas"] = 0, ["confirmed"] = false });
        Assert.Equal(ActFigures.None with { OutcomeUnknown = 2 }, Months[0].Acts);

        Done(LedgerAct.SubjectErase, [], new() { ["records"] = 0L, ["replicas"] = 1, ["confirmed"] = true });

        Assert.Equal(ActFigures.None with { OutcomeUnknown = 2, ErasuresNothingHeld = 1 }, Months[0].Acts);
    }

    [Fact]
    public void Read_DataOfAnotherShape_CountsItAsUnknownAndThrowsNothing()
    {
        Add(LedgerPhase.Note, LedgerAct.DisclosureRefuse, null, new() { ["country"] = 7, ["subjects"] = "many", ["valid_until"] = new JsonArray() });

        var row = Assert.Single(_book.Figures(_book.Span(_now), _now).Rows);
        Assert.Equal(new RequestKind("unknown", "unknown", "unknown", "unknown"), row.Kind);
    }

    // Somebody asks for the page, by a clock that may go before.
    private static void Look(TransparencyBook book, LedgerEntry entry, Random random)
    {
        if (random.Next(4) == 0)
        {
            var now = entry.Time.AddDays(random.Next(-5, 100) * random.NextDouble());
            book.Version(now);
            book.Figures(book.Span(now), now);
        }
    }

    private RequestFigures Total => _book.Figures(_book.Span(_now), _now).Total;

    private IReadOnlyList<MonthFigures> Months => _book.Figures(_book.Span(_now), _now).Months;

    private (long Received, long Pending, long Partly, long Rejected) Numbers() => (Total.Received, Total.Pending, Total.PartlyDisclosed, Total.Rejected);

    private void Open(string id, int validDays = 30, int? withholdDays = null, long subjects = 1)
    {
        var request = Request(id, "terrorism", validDays);
        request["subjects"] = subjects;
        if (withholdDays is { } days)
        {
            request["withhold_until"] = _now.AddDays(days).ToUnixTimeSeconds();
        }

        Done(LedgerAct.DisclosureOpen, request);
    }

    private JsonObject Request(string id, string category, int validDays = 30) => new()
    {
        ["disclosure"] = id,
        ["country"] = "NL",
        ["authority_type"] = "court",
        ["legal_process"] = "court_order",
        ["category"] = category,
        ["subjects"] = 1L,
        ["valid_until"] = _now.AddDays(validDays).ToUnixTimeSeconds(),
    };

    private void Done(LedgerAct act, JsonObject intent, JsonObject? outcome = null) => End(Intent(act, intent), LedgerEntry.Done, outcome);

    private LedgerEntry Intent(LedgerAct act, JsonObject data) => Add(LedgerPhase.Intent, act, null, data);

    private void End(LedgerEntry intent, string result, JsonObject? data = null)
    {
        data ??= [];
        data["result"] = result;
        Add(LedgerPhase.Outcome, intent.Act, intent.Seq, data);
    }

    private LedgerEntry Add(LedgerPhase phase, LedgerAct act, long? intent, JsonObject data)
    {
        var entry = new LedgerEntry(++_seq, _now, phase, act, intent, By: null, data);
        _book.Read(entry);
        return entry;
    }
}
