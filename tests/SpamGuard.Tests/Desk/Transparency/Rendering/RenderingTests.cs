using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpamGuard.Cli.Csv;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Desk.Transparency.Rendering;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Desk.Transparency.Rendering;

public sealed class RenderingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 13, 5, 0, TimeSpan.Zero);

    /// <summary>What a desk would never enter.</summary>
    private const string Hostile = "=1+1,\"<script>alert(1)</script>";

    [Fact]
    public void Json_Names_AreThoseOfTheContract()
    {
        var json = JsonNode.Parse(JsonReport.Of(Report("NL") with { Audit = new AuditResult("clean", Now) }))!;

        Assert.Equal("spamguard.transparency/1", (string?)json["schema"]);
        Assert.Equal("2026-11-26T13:05:00Z", (string?)json["generated_time"]);
        const string Requests = "received,fully_disclosed,partly_disclosed,nothing_held,rejected,withdrawn,pending,expired_unexecuted,outcome_unknown,subjects_requested,subjects_disclosed,median_days";
        const string Acts = "erasures_done,erasures_nothing_held,inspections,overrides_allow,overrides_challenge,overrides_throttle,overrides_deny,appeals,epoch_rolls,acts_outcome_unknown";
        Assert.Equal("schema,from,to,revision,generated_time,requests,withheld,acts,months,rows,retention,audit,ledger", Names(json));
        Assert.Equal(Requests, Names(json["requests"]!));
        Assert.Equal(Acts, Names(json["acts"]!));
        Assert.Equal("month,requests,withheld,acts,changed_at_entry", Names(json["months"]![0]!));
        Assert.Equal("month,country,authority_type,legal_process,category," + Requests, Names(json["rows"]![0]!));
        Assert.Equal("what,class,at_most_seconds,ends", Names(json["retention"]![0]!));
        Assert.Equal("state,time,keys_without_ttl,keys_over_cap,faulty_keys_remaining", Names(json["audit"]!));
        Assert.Equal("entries,sound,head", Names(json["ledger"]!));
        Assert.Equal("ledger,seq,time,hash,public_key,signature", Names(json["ledger"]!["head"]!));
    }

    [Fact]
    public void Csv_OfHostileTexts_IsReadBackAndNoFormula()
    {
        using var lines = new CsvLines(new MemoryStream(CsvReport.Of(Report(Hostile))));
        Assert.True(lines.Read(out var fault));
        var columns = lines.Count;
        while (lines.Read(out fault) && lines[0].ToString() != "requests")
        {
            Assert.Equal(columns, lines.Count);
        }

        Assert.Null(fault);
        Assert.Equal(columns, lines.Count);
        Assert.Equal('\'' + Hostile, lines[3].ToString());
    }

    [Fact]
    public void Page_OfHostileTexts_HasThemAsTexts()
    {
        var html = Encoding.UTF8.GetString(HtmlReport.Of(Report(Hostile)));

        Assert.Contains("<td>=1&#x2B;1,&quot;&lt;script&gt;alert(1)&lt;/script&gt;</td>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfWhatIsWithdrawn_SaysNoMoreThanIsKnown()
    {
        var html = Encoding.UTF8.GetString(HtmlReport.Of(Report("NL")));

        Assert.Contains("<em>Withdrawn</em> are those that were rejected by the very person", html, StringComparison.Ordinal);
        Assert.Contains("Whether the authority was refused is not known here", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfMoreRowsThanItShows_SaysSoAndStaysWithinBounds()
    {
        var report = Report("NL");
        var rows = Enumerable.Repeat(report.Figures.Rows[0], 20_000).ToList();
        var html = HtmlReport.Of(report with { Figures = report.Figures with { Rows = rows } });

        Assert.Contains("These are the first 2,000 of 20,000 rows.", Encoding.UTF8.GetString(html), StringComparison.Ordinal);
        Assert.InRange(html.Length, 1, 2 * 1024 * 1024);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_OfALedgerThatIsNotSound_SaysSoInEveryForm(bool isSound)
    {
        var report = Report("NL") with { IsSound = isSound };

        Assert.Equal(!isSound, Encoding.UTF8.GetString(HtmlReport.Of(report)).Contains("role=\"alert\"><strong>Do not rely on these figures.</strong>", StringComparison.Ordinal));
        Assert.Equal(isSound, (bool)JsonNode.Parse(JsonReport.Of(report))!["ledger"]!["sound"]!);
        var lines = Encoding.UTF8.GetString(CsvReport.Of(report)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(",ledger_sound", lines[0], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length - 1); // total, the month, the kind
        Assert.All(lines[1..], line => Assert.EndsWith(isSound ? ",true" : ",false", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not_run_here", "Not run here: ")]
    [InlineData("not_yet", "Not yet: ")]
    [InlineData("clean", "Clean: ")]
    [InlineData("violation", "Violation: ")]
    [InlineData("incomplete", "Incomplete: ")]
    public void Page_OfTheAuditor_SaysHowItsLastPassEnded(string state, string words)
    {
        var html = Encoding.UTF8.GetString(HtmlReport.Of(Report("NL") with { Audit = new AuditResult(state, state.StartsWith("not", StringComparison.Ordinal) ? null : Now, 1, 2, 3) }));

        Assert.Contains($"<p id=\"audit\">{words}", html, StringComparison.Ordinal);
        Assert.Equal(!state.StartsWith("not", StringComparison.Ordinal), html.Contains("<dt>Keys with too long a one</dt><dd>2</dd>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 5)]
    [InlineData(6, 2, 6)]
    [InlineData(11, 5, 15)]
    [InlineData(26, 10, 30)]
    [InlineData(1_234_567, 500_000, 1_500_000)]
    public void Scale_OfAnyNumber_IsOfWholeNumbersThatReachIt(long most, long step, long top) => Assert.Equal((step, top), ColumnChart.Scale(most));

    [Theory]
    [InlineData(60, "60 seconds")]
    [InlineData(604_800, "7 days")]
    [InlineData(86_400, "1 day")]
    [InlineData(605_700, "7 days and 15 minutes")]
    [InlineData(900, "15 minutes")]
    public void Duration_OfACap_IsInWords(long seconds, string words) => Assert.Equal(words, PageTime.Duration(seconds));

    [Fact]
    public void Retention_OfEveryKindOfKey_HasWordsAndItsCap() =>
        Assert.Equal(Keys.KindsByClass.Select(static kind => kind.CapSeconds), RetentionRow.All.Select(static row => row.Seconds));

    private static string Names(JsonNode node) => string.Join(',', node.Deserialize<Dictionary<string, JsonElement>>()!.Keys);

    private static TransparencyReport Report(string country)
    {
        var book = new TransparencyBook();
        book.Read(new LedgerEntry(1, Now, LedgerPhase.Note, LedgerAct.DisclosureRefuse, Intent: null, By: null, new JsonObject { ["country"] = country, ["subjects"] = 1L }));
        var span = book.Span(Now);
        var head = new LedgerHead(new string('a', 64), 1, "2026-11-26T13:05:00.000Z", new string('b', 64), new string('c', 64), new string('d', 128));
        return new TransparencyReport(span, span, Now, book.Figures(span, Now), RetentionRow.All, new AuditResult("not_run_here"), head, IsSound: true);
    }
}
