using System.Net;
using System.Text;
using System.Text.Json;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Desk.Transparency.Rendering;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Transparency;

public sealed class TransparencyPageTests(SmallLedgerFixture server) : IClassFixture<SmallLedgerFixture>
{
    [Theory]
    [InlineData("/transparency", "text/html; charset=utf-8", "public, max-age=60")]
    [InlineData("/transparency.json", "application/json", "public, max-age=60")]
    [InlineData("/transparency.csv", "text/csv; charset=utf-8; header=present", "public, max-age=60")]
    [InlineData("/transparency/digests", "text/plain; charset=us-ascii", "no-cache")]
    [InlineData("/transparency/head.json", "application/json", "no-cache")]
    public async Task Get_EveryForm_IsOfItsTypeAndMayDoNothingInABrowser(string path, string type, string cache)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(cache, response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.Equal(
            ["default-src 'none'", "img-src data:", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
            Header(response, "Content-Security-Policy").Split("; ").Where(static part => !part.StartsWith("style-src 'sha256-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/transparency")]
    [InlineData("/transparency.json?period=all")]
    [InlineData("/transparency.csv")]
    [InlineData("/transparency/digests")]
    public async Task Get_WithTheTagOfBefore_IsNotModified(string path)
    {
        using var first = await SendAsync(HttpMethod.Get, path);
        using var head = await SendAsync(HttpMethod.Head, path);
        using var again = await SendAsync(HttpMethod.Get, path, first.Headers.ETag!.ToString());
        using var other = await SendAsync(HttpMethod.Get, path, "\"other\"");

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(first.Headers.ETag, head.Headers.ETag);
        Assert.Equal((await first.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("?from=1999-01", "from", "'1999-01'")]
    [InlineData("?to=2026-13", "to", "'2026-13'")]
    [InlineData("?from=<script>alert(1)</script>", "from", "a text that is no month")]
    [InlineData("?to=203.0.113.77", "to", "a text that is no month")]
    [InlineData("?period=some", "period", "another word")]
    [InlineData("?period=all&from=2026-01", "from", "a month beside all of them")]
    public async Task Get_OfAPeriodThatIsNone_SaysFieldFoundAndAllowed(string query, string field, string found)
    {
        using var page = await SendAsync(HttpMethod.Get, "/transparency" + query);
        using var json = await SendAsync(HttpMethod.Get, "/transparency.json" + query);
        using var csv = await SendAsync(HttpMethod.Get, "/transparency.csv" + query);

        Assert.All([page, json, csv], static response => Assert.Equal((HttpStatusCode.BadRequest, "no-store"), (response.StatusCode, response.Headers.CacheControl?.ToString())));
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
        Assert.Contains($"{field}: found {found}; allowed are ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", text, StringComparison.Ordinal);
        Assert.All([json, csv], static response => Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType));
        var problem = JsonDocument.Parse(await json.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((field, found), (problem.GetProperty("field").GetString(), problem.GetProperty("found").GetString()));
        Assert.NotEmpty(problem.GetProperty("allowed").GetString()!);
    }

    [Fact]
    public async Task GetReport_OfAPeriodThatIsNone_NamesTheField()
    {
        var client = new TransparencyService.TransparencyServiceClient(server.Channel);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.GetReportAsync(new GetReportRequest { From = "2026-13" }));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        var violation = Assert.Single(failure.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal(("from", "PERIOD_UNKNOWN"), (violation.Field, violation.Reason));
        Assert.StartsWith("Found '2026-13'; allowed are months from ", violation.Description);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=2")]
    [InlineData("page=x")]
    public async Task Digests_OfAPageThatIsNone_AreRefused(string query)
    {
        using var response = await SendAsync(HttpMethod.Get, "/transparency/digests?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("pages from 1 to 1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_ByItselfAndInTheReport_IsSignedAndThatOfTheLedgerAndItsDigests()
    {
        var report = JsonDocument.Parse(await server.GetAsync(Listener.Transparency, "/transparency.json")).RootElement;
        Assert.True(LedgerHead.TryRead(Encoding.UTF8.GetBytes(await server.GetAsync(Listener.Transparency, "/transparency/head.json")), out var head, out var fault), fault);

        Assert.True(LedgerHead.TryRead(Encoding.UTF8.GetBytes(report.GetProperty("ledger").GetProperty("head").GetRawText()), out var reported, out fault), fault);
        Assert.Equal(head, reported);
        Assert.Equal(head.Seq, report.GetProperty("revision").GetInt64());
        using var file = LedgerFile.OpenToRead(server.Ledger.FilePath);
        Assert.Null(LedgerVerification.Of(file, head, head.PublicKey, CancellationToken.None).Fault);
        var digests = Encoding.ASCII.GetBytes(await server.GetAsync(Listener.Transparency, "/transparency/digests"));
        Assert.Null(LedgerDigests.Fault(new MemoryStream(digests), since: null, head));
    }

    [Fact]
    public async Task Page_AfterAnotherEntry_IsMadeAnew()
    {
        var ledger = (DeskLedger)server.Services.GetService(typeof(DeskLedger))!;
        using var before = await SendAsync(HttpMethod.Get, "/transparency");
        var inspections = Inspections(await server.GetAsync(Listener.Transparency, "/transparency.json"));
        await ledger.ActAsync(LedgerAct.SubjectInspect, new LedgerActor("privacy", "privacy", ""), [], static _ => Task.FromResult(new Acted<int>(0, [])));

        using var after = await SendAsync(HttpMethod.Get, "/transparency", before.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(inspections + 1, Inspections(await server.GetAsync(Listener.Transparency, "/transparency.json")));

        static int Inspections(string json) => JsonDocument.Parse(json).RootElement.GetProperty("acts").GetProperty("inspections").GetInt32();
    }

    [Fact]
    public void Page_OfALedgerWithoutRequests_SaysSo()
    {
        var reporter = (TransparencyReporter)server.Services.GetService(typeof(TransparencyReporter))!;
        var book = new TransparencyBook();
        var now = new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);
        var report = reporter.Report(reporter.Span) with { Period = book.Span(now), Span = book.Span(now), Figures = book.Figures(book.Span(now), now) };
        var html = Encoding.UTF8.GetString(HtmlReport.Of(report));

        Assert.Contains("No request so far: since the ledger began, in 2026-11, no authority has asked for anything.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? ifNoneMatch = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, server.Url(Listener.Transparency) + path);
        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return await client.SendAsync(request).DefaultTimeout();
    }
}
