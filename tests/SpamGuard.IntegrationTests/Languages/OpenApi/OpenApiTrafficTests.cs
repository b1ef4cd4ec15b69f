using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary>What a real server takes and answers, on every path, is what the document says.</summary>
public sealed class OpenApiTrafficTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private const string Address = "203.0.113.77";

    private static readonly OpenApiJudge Judge = new();

    public static TheoryData<string> Operations => [.. Judge.Operations.Select(static one => one.Operation["operationId"]!.GetValue<string>())];

    [Fact]
    public async Task EveryOperation_AskedAsItSays_AnswersAsItSays()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var token = (await GoodAsync("ScoringService_Score", $$"""{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"{{Address}}"},"requestId":"{{Guid.NewGuid()}}"}"""))
            .GetProperty("assessment").GetProperty("decisionToken").GetString();
        var batch = await GoodAsync(
            "ScoringService_ScoreBatch",
            """{"requests":[{"event":{"kind":"EVENT_KIND_MESSAGE","addressBytes":"IAENuAAAAAAAAAAAAAAAAQ==","account":"a","content":"c"}},{"event":{"kind":"EVENT_KIND_MESSAGE","address":"a"}}]}""");
        await GoodAsync("ScoringService_Preview", $$"""{"decisionToken":"{{token}}"}""");
        await GoodAsync("ScoringService_Preview", $$$"""{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"{{{Address}}}"}}""");
        await GoodAsync("ScoringService_Explain", $$"""{"decisionToken":"{{token}}"}""");
        await GoodAsync("FeedbackService_ReportOutcome", $$"""{"decisionToken":"{{token}}","label":"OUTCOME_LABEL_SPAM","reporter":"r"}""");
        var held = await GoodAsync("SubjectService_Inspect", $$"""{"address":"{{Address}}","decisionToken":"{{token}}"}""");
        await GoodAsync("SubjectService_Erase", $$"""{"address":"{{Address}}","attestation":"case 4711"}""");
        var id = (await GoodAsync("OverrideService_Set", """{"address":"203.0.113.78","verdict":"VERDICT_DENY","reason":"case 4711","ttl":"3600s"}""")).GetProperty("id").GetString();
        var overrides = await GoodAsync("OverrideService_List", "");
        await GoodAsync("OverrideService_Clear", $$"""{"id":"{{id}}"}""");
        var policy = await GoodAsync("PolicyService_Get", "");
        await GoodAsync("TransparencyService_GetReport", "?all=true");

        var until = TimeProvider.System.GetUtcNow().AddDays(7).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var opened = await GoodAsync(
            "DisclosureService_Open",
            $$"""
            {"orderReference":"7 Gs 1","authority":"Amtsgericht","authorityType":"AUTHORITY_TYPE_COURT","country":"DE","category":"DISCLOSURE_CATEGORY_TERRORISM",
             "legalProcess":"LEGAL_PROCESS_COURT_ORDER","validUntil":"{{until}}","addresses":["{{Address}}"]}
            """);
        var order = $$""" "disclosureId":"{{opened.GetProperty("disclosure").GetProperty("disclosureId").GetString()}}","orderKey":"{{opened.GetProperty("orderKey").GetString()}}","addresses":["{{Address}}"] """;
        await GoodAsync("DisclosureService_Get", opened.GetProperty("disclosure").GetProperty("disclosureId").GetString()!);
        await GoodAsync("DisclosureService_Decide", $$"""{{{order}},"orderReference":"7 Gs 1","decision":"DISCLOSURE_DECISION_APPROVE"}""", "r16");
        await GoodAsync("DisclosureService_Execute", $$"""{{{order}}}""");
        var listed = await GoodAsync("DisclosureService_List", "?state=DISCLOSURE_STATE_EXECUTED&pageSize=5");

        Assert.Equal(["assessment", "status"], batch.GetProperty("results").EnumerateArray().Select(static result => result.EnumerateObject().Single().Name));
        Assert.True(held.GetProperty("epochs").GetArrayLength() > 0);
        Assert.Equal(1, overrides.GetProperty("overrides").GetArrayLength());
        Assert.NotEmpty(policy.GetProperty("policy").EnumerateObject());
        Assert.Equal(1, listed.GetProperty("disclosures").GetArrayLength());
        Assert.Equal(Judge.Operations.Select(static one => one.Operation["operationId"]!.GetValue<string>()).Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));

        async Task<JsonElement> GoodAsync(string operation, string sent, string caller = "r31")
        {
            asked.Add(operation);
            if (sent.StartsWith('{'))
            {
                Assert.Equal("", Judge.Request(operation, sent));
            }

            var (status, body) = await SendAsync(server.Json(server.Mounted.Client(CallerServerFixture.Uri(caller))), operation, sent);
            Assert.True(status == HttpStatusCode.OK, $"{operation}: {body}");
            Assert.Equal((operation, ""), (operation, Judge.Answer(operation, 200, body)));
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.Clone();
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Operation_WithoutCertificate_IsAnsweredAsItSays(string operation) =>
        await RefusedAsync(server.Json(certificate: null), operation, "{}", HttpStatusCode.Unauthorized, "CERTIFICATE_MISSING");

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Operation_OfSomebodyUnknown_IsAnsweredAsItSays(string operation) =>
        await RefusedAsync(server.Json(server.Mounted.Client(CallerServerFixture.Uri("nobody"))), operation, "{}", HttpStatusCode.Forbidden, "CALLER_UNKNOWN");

    // What the schema refuses the server refuses, each by itself.
    [Theory]
    [InlineData("ScoringService_Score", "{}")]
    [InlineData("ScoringService_Score", """{"event":{"kind":"EVENT_KIND_SIGN_UP"}}""")]
    [InlineData("ScoringService_Score", """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"203.0.113.9","addressBytes":"ywBxCQ=="}}""")]
    [InlineData("ScoringService_Score", """{"event":{"kind":"SIGN_UP","address":"203.0.113.9"}}""")]
    [InlineData("ScoringService_Score", """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":203}}""")]
    [InlineData("ScoringService_Score", """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"203.0.113.9"},"requestId":"7"}""")]
    [InlineData("ScoringService_ScoreBatch", """{"requests":{}}""")]
    [InlineData("ScoringService_Preview", "{}")]
    [InlineData("ScoringService_Explain", "{}")]
    [InlineData("ScoringService_Explain", """{"decisionToken":7}""")]
    [InlineData("FeedbackService_ReportOutcome", """{"label":"OUTCOME_LABEL_SPAM"}""")]
    [InlineData("FeedbackService_ReportOutcome", """{"decisionToken":"x"}""")]
    [InlineData("SubjectService_Inspect", """{"address":"203.0.113.9"}""")]
    [InlineData("SubjectService_Erase", """{"attestation":"case 4711"}""")]
    [InlineData("OverrideService_Set", """{"address":"203.0.113.9","verdict":"VERDICT_DENY","reason":"case 4711"}""")]
    [InlineData("OverrideService_Set", """{"address":"203.0.113.9","verdict":"VERDICT_DENY","reason":"case 4711","ttl":"an hour"}""")]
    [InlineData("OverrideService_Clear", "{}")]
    [InlineData("DisclosureService_Open", "{}")]
    [InlineData("DisclosureService_Open", """{"validUntil":"tomorrow"}""")]
    [InlineData("DisclosureService_Decide", "{}")]
    [InlineData("DisclosureService_Execute", """{"addresses":["203.0.113.9"]}""")]
    public async Task Request_ThatTheSchemaRefuses_IsRefusedAsItSays(string operation, string body)
    {
        Assert.NotEqual("", Judge.Request(operation, body));

        var (status, answer) = await SendAsync(server.Json(server.Mounted.Client(CallerServerFixture.Uri("r31"))), operation, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("", Judge.Answer(operation, 400, answer));
    }

    [Theory]
    [InlineData("OverrideService_Clear", """{"id":"a0123456789abcdef"}""", HttpStatusCode.NotFound)]
    [InlineData("DisclosureService_Get", "0123456789abcdef", HttpStatusCode.NotFound)]
    [InlineData("DisclosureService_List", "?state=NONE", HttpStatusCode.BadRequest)]
    [InlineData("DisclosureService_List", "?pageSize=many", HttpStatusCode.BadRequest)]
    [InlineData("TransparencyService_GetReport", "?from=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("ScoringService_Explain", """{"decisionToken":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("ScoringService_Score", "{", HttpStatusCode.BadRequest)]
    [InlineData("ScoringService_Score", "[]", HttpStatusCode.BadRequest)]
    public async Task Request_ThatOnlyTheServerRefuses_IsRefusedAsItSays(string operation, string sent, HttpStatusCode expected)
    {
        var (status, answer) = await SendAsync(server.Json(server.Mounted.Client(CallerServerFixture.Uri("r31"))), operation, sent);

        Assert.Equal(expected, status);
        Assert.Equal("", Judge.Answer(operation, (int)status, answer));
    }

    [Fact]
    public async Task Quota_UsedUp_IsAnsweredAsItSays()
    {
        var client = server.Json(server.Mounted.Client(CallerServerFixture.Uri("preview-limited")));
        const string Sent = """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"203.0.113.79"}}""";
        await SendAsync(client, "ScoringService_Preview", Sent);

        await RefusedAsync(client, "ScoringService_Preview", Sent, HttpStatusCode.TooManyRequests, "QUOTA_EXCEEDED");
        await RefusedAsync(
            server.Json(server.Mounted.Client(CallerServerFixture.Uri("batch-limited"))),
            "ScoringService_ScoreBatch",
            $$"""{"requests":[{{string.Join(',', Enumerable.Repeat(Sent, 7))}}]}""",
            HttpStatusCode.TooManyRequests,
            "QUOTA_EXCEEDED");
    }

    // A judge that finds nothing wrong with anything would let all of the above pass.
    [Theory]
    [InlineData(200, """{"applied":true,"result":"REPORT_RESULT_APPLIED"}""", true)]
    [InlineData(200, """{"applied":true}""", false)]
    [InlineData(200, """{"applied":true,"result":"REPORT_RESULT_APPLIED","undocumented":1}""", false)]
    [InlineData(200, """{"applied":"true","result":"REPORT_RESULT_APPLIED"}""", false)]
    [InlineData(200, """{"applied":true,"result":"APPLIED"}""", false)]
    [InlineData(418, "{}", false)]
    [InlineData(503, """{"code":14,"message":"","details":[]}""", true)]
    [InlineData(503, """{"code":14,"message":"","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo"}]}""", true)]
    [InlineData(503, """{"code":14,"message":"","details":[{"@type":"type.googleapis.com/google.rpc.Help"}]}""", false)]
    [InlineData(503, """{"code":14,"message":"","details":[{"reason":"INTERNAL","domain":"spamguard","metadata":{}}]}""", false)]
    public void Judge_AnswerOfAReport_TellsGoodFromBad(int http, string body, bool isGood) =>
        Assert.Equal(isGood, Judge.Answer("FeedbackService_ReportOutcome", http, body).Length == 0);

    private static async Task RefusedAsync(HttpClient client, string operation, string sent, HttpStatusCode expected, string reason)
    {
        var (status, body) = await SendAsync(client, operation, sent);

        Assert.Equal(expected, status);
        Assert.Equal("", Judge.Answer(operation, (int)expected, body));
        Assert.Contains(reason, body, StringComparison.Ordinal);
    }

    // What is sent is a body, a query, or what stands in the path.
    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpClient client, string operation, string sent)
    {
        var (verb, path, _) = Judge.Of(operation);
        var place = path.Split('{')[0];
        using var request = new HttpRequestMessage(HttpMethod.Parse(verb), new Uri(client.BaseAddress!, verb == "POST" || sent == "{}" ? place + (place == path ? "" : "0") : place + sent));
        request.Content = verb == "POST" ? new StringContent(sent, Encoding.UTF8, MediaTypeNames.Application.Json) : null;
        using var response = await client.SendAsync(request).DefaultTimeout();
        return (response.StatusCode, await response.Content.ReadAsStringAsync().DefaultTimeout());
    }
}
