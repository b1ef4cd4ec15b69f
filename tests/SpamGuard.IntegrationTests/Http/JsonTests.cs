using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Http;

/// <summary>The same methods as JSON, for a caller with nothing but an HTTP client.</summary>
public sealed class JsonTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Planted = "198.51.100.99";

    [Fact]
    public async Task Score_SignUp_IsAnsweredAsJson()
    {
        var (status, answer) = await PostAsync(
            "/v1/events:score",
            $$"""{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"203.0.113.9"},"request_id":"{{Events.NewRequestId()}}"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        var assessment = answer.GetProperty("assessment");
        Assert.Equal("VERDICT_ALLOW", assessment.GetProperty("verdict").GetString());
        Assert.Equal("QUALITY_FULL", assessment.GetProperty("quality").GetString());
        Assert.InRange(assessment.GetProperty("spamProbability").GetDouble(), 0, .3);
        Assert.NotEmpty(assessment.GetProperty("decisionToken").GetString()!);
    }

    [Fact]
    public async Task PreviewExplainAndReport_ByToken_AreAnsweredAsJson()
    {
        var (_, score) = await PostAsync("/v1/events:score", """{"event":{"kind":"EVENT_KIND_MESSAGE","address":"41.0.0.1"}}""");
        var token = score.GetProperty("assessment").GetProperty("decisionToken").GetString();

        var (previewed, preview) = await PostAsync("/v1/events:preview", $$"""{"decisionToken":"{{token}}"}""");
        var (explained, explanation) = await PostAsync("/v1/decisions:explain", $$"""{"decision_token":"{{token}}"}""");
        var (reported, report) = await PostAsync("/v1/events:report", $$"""{"decision_token":"{{token}}","label":"OUTCOME_LABEL_SPAM"}""");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], new[] { previewed, explained, reported });
        Assert.Equal("VERDICT_ALLOW", preview.GetProperty("assessment").GetProperty("verdict").GetString());
        Assert.Equal("EVENT_KIND_MESSAGE", explanation.GetProperty("kind").GetString());
        Assert.Equal("REPORT_RESULT_APPLIED", report.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Score_BadInput_IsAStatusWithItsDetails()
    {
        var (status, answer) = await PostAsync("/v1/events:score", $$$"""{"event":{"address":"{{{Planted}}}:80"}}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(3, answer.GetProperty("code").GetInt32());
        var details = answer.GetProperty("details").EnumerateArray().ToDictionary(detail => detail.GetProperty("@type").GetString()!);
        Assert.Equal("INVALID_REQUEST", details["type.googleapis.com/google.rpc.ErrorInfo"].GetProperty("reason").GetString());
        Assert.Equal(
            ["event.kind", "event.address"],
            details["type.googleapis.com/google.rpc.BadRequest"].GetProperty("fieldViolations").EnumerateArray()
                .Select(violation => violation.GetProperty("field").GetString()));
        Assert.DoesNotContain(Planted, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"event":{"kind":"198.51.100.99"}}""")]
    [InlineData("""{"event":{"kind":"EVENT_KIND_SIGN_UP","address_bytes":"198.51.100.99"}}""")]
    [InlineData("""{"event":"198.51.100.99"}""")]
    [InlineData("""{"event":{"kind":"google.rpc.ErrorInfo 198.51.100.99"}}""")]
    public async Task Score_BodyThatIsNoRequest_IsAStatusThatQuotesNothing(string body)
    {
        var (status, answer) = await PostAsync("/v1/events:score", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(3, answer.GetProperty("code").GetInt32());
        Assert.Equal("BODY_UNREADABLE", answer.GetProperty("details")[0].GetProperty("reason").GetString());
        Assert.DoesNotContain(Planted, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/events:score", """{"event":{"kind":"EVENT_KIND_FOO","address":"198.51.100.99"}}""", "event.kind", "Send one of EVENT_KIND_SIGN_UP, EVENT_KIND_MESSAGE.")]
    [InlineData("/v1/events:score", """{"event":{"kind":"EVENT_KIND_SIGN_UP","addressBytes":"198.51.100.99"}}""", "event.address_bytes", "Send base64 in a string.")]
    [InlineData("/v1/events:score", """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":198}}""", "event.address", "Send a string.")]
    [InlineData("/v1/events:score", """{"event":"198.51.100.99"}""", "event", "Send a JSON object.")]
    [InlineData("/v1/events:score", "[]", "body", "Send a JSON object.")]
    [InlineData("/v1/events:score", """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"198.51.100.99","addressBytes":"xjNkYw=="}}""", "event.address_bytes", "Send address or address_bytes, and not both.")]
    [InlineData("/v1/events:score", """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"198.51.100.99","address":"198.51.100.99"}}""", "event.address", "Send address once.")]
    [InlineData("/v1/events:scoreBatch", """{"requests":[{"event":{"address_bytes":"xjNkYw==","address":"198.51.100.99"}}]}""", "requests[0].event.address", "Send address_bytes or address, and not both.")]
    [InlineData("/v1/events:preview", """{"decisionToken":"198.51.100.99","event":{"kind":"EVENT_KIND_SIGN_UP","address":"198.51.100.99"}}""", "event", "Send decision_token or event, and not both.")]
    [InlineData("/v1/events:report", """{"decision_token":"x","label":"SPAM"}""", "label", "Send one of OUTCOME_LABEL_LEGITIMATE, OUTCOME_LABEL_SPAM, OUTCOME_LABEL_CHALLENGE_PASSED, OUTCOME_LABEL_CHALLENGE_FAILED.")]
    public async Task Post_ValueThatIsNotOfItsFieldsType_NamesTheFieldAndTheFix(string path, string body, string field, string fix)
    {
        var (status, answer) = await PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var violation = Assert.Single(answer.GetProperty("details")[1].GetProperty("fieldViolations").EnumerateArray());
        Assert.Equal((field, fix), (violation.GetProperty("field").GetString(), violation.GetProperty("description").GetString()));
        Assert.DoesNotContain(Planted, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OneFieldAtFaultThousandsOfTimes_IsAnsweredWithAHundredFaults()
    {
        var fields = string.Join(',', Enumerable.Repeat("\"kind\":\"x\"", 5000));

        var (status, answer) = await PostAsync("/v1/events:score", $$$"""{"event":{{{{fields}}}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(100, answer.GetProperty("details")[1].GetProperty("fieldViolations").GetArrayLength());
        Assert.InRange(answer.GetRawText().Length, 1, 32 * 1024);
    }

    [Theory]
    [InlineData("/v1/events:score", 70_000, false, 65_536)]
    [InlineData("/v1/events:score", 70_000, true, 65_536)]
    [InlineData("/v1/events:score", 3_000_000, false, 65_536)]
    [InlineData("/v1/events:scoreBatch", 300_000, true, 262_144)]
    public async Task Post_BodyBeyondTheLimit_SaysTheLimit(string path, int length, bool isChunked, int limit)
    {
        var (status, answer) = await PostAsync(path, $$$"""{"event":{"kind":"EVENT_KIND_SIGN_UP","account":"{{{new string('x', length)}}}"}}""", isChunked: isChunked);

        Assert.Equal((HttpStatusCode.BadRequest, "BODY_UNREADABLE"), (status, answer.GetProperty("details")[0].GetProperty("reason").GetString()));
        var violation = Assert.Single(answer.GetProperty("details")[1].GetProperty("fieldViolations").EnumerateArray());
        Assert.Equal(("body", $"Send at most {limit} bytes."), (violation.GetProperty("field").GetString(), violation.GetProperty("description").GetString()));
    }

    [Theory]
    [InlineData("GET", "/v1/events:score", HttpStatusCode.MethodNotAllowed, "POST")]
    [InlineData("POST", "/v1/policy", HttpStatusCode.MethodNotAllowed, "GET")]
    [InlineData("DELETE", "/v1/disclosures/198.51.100.99", HttpStatusCode.MethodNotAllowed, "GET")]
    [InlineData("POST", "/authz", HttpStatusCode.MethodNotAllowed, "GET, HEAD")]
    [InlineData("POST", "/v1/198.51.100.99", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "")]
    [InlineData("POST", "/livez", HttpStatusCode.NotFound, "")] // of another listener
    [InlineData("POST", "/spamguard.v1.ScoringService/Score", HttpStatusCode.NotFound, "")]
    public async Task Request_WhatIsNotServed_IsAStatusThatQuotesNothing(string method, string path, HttpStatusCode expected, string allow)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Url(Listener.Http) + path));
        using var response = await client.SendAsync(request).DefaultTimeout();
        var text = await response.Content.ReadAsStringAsync().DefaultTimeout();
        using var answer = JsonDocument.Parse(text);

        Assert.Equal((expected, allow), (response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
        Assert.Equal((12, "NOT_SERVED"), (answer.RootElement.GetProperty("code").GetInt32(), answer.RootElement.GetProperty("details")[0].GetProperty("reason").GetString()));
        Assert.DoesNotContain(Planted, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_BodyOfAnotherType_IsAStatusThatSaysWhatToSend()
    {
        var (status, answer) = await PostAsync("/v1/events:score", "event=1", "application/x-www-form-urlencoded");

        Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType, status.ToString());
        Assert.Contains("application/json", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(
        string path, string body, string type = MediaTypeNames.Application.Json, bool isChunked = false)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url(Listener.Http) + path)) { Content = content };
        request.Headers.TransferEncodingChunked = isChunked ? true : null;
        using var response = await client.SendAsync(request).DefaultTimeout();
        var text = await response.Content.ReadAsStringAsync().DefaultTimeout();
        using var document = JsonDocument.Parse(text);
        return (response.StatusCode, document.RootElement.Clone());
    }
}
