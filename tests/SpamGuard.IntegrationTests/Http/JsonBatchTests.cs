using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Http;

/// <summary>A batch as JSON.</summary>
public abstract class JsonBatchTests(ServerFixture server)
{
    private const string Planted = "198.51.100.99";
    private const string Good = """{"event":{"kind":"EVENT_KIND_MESSAGE","address":"67.0.0.1"}}""";

    [Fact]
    public async Task ScoreBatch_GoodAndBad_IsAnsweredAsJsonInOrder()
    {
        var (status, answer) = await PostAsync($$$"""{"requests":[{{{Good}}},{"event":{"kind":"EVENT_KIND_MESSAGE","address":"{{{Planted}}}:80"}},{{{Good}}}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["assessment", "status", "assessment"], results.Select(result => Assert.Single(result.EnumerateObject()).Name));
        Assert.Equal("VERDICT_ALLOW", results[0].GetProperty("assessment").GetProperty("verdict").GetString());
        var fault = results[1].GetProperty("status");
        Assert.Equal(3, fault.GetProperty("code").GetInt32());
        Assert.Equal("INVALID_REQUEST", fault.GetProperty("details")[0].GetProperty("reason").GetString());
        Assert.Equal("requests[1].event.address", fault.GetProperty("details")[1].GetProperty("fieldViolations")[0].GetProperty("field").GetString());
        Assert.DoesNotContain(Planted, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreBatch_TwoHundredFiftySixOfTheLargestRequests_AreAnswered()
    {
        var digest = new string('d', 256);
        var requests = Enumerable.Range(0, 256).Select(i =>
            $$"""{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"2a0d:1000:{{i:x}}::1","account":"{{digest}}","content":"{{digest}}"},"request_id":"{{Events.NewRequestId()}}"}""");

        var (status, answer) = await PostAsync($$"""{"requests":[{{string.Join(',', requests)}}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.All(
            answer.GetProperty("results").EnumerateArray(),
            result => Assert.Equal("VERDICT_ALLOW", result.GetProperty("assessment").GetProperty("verdict").GetString()));
        Assert.Equal(256, answer.GetProperty("results").GetArrayLength());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public async Task ScoreBatch_OfNoneOrTooMany_NamesTheField(int size)
    {
        var (status, answer) = await PostAsync($$"""{"requests":[{{string.Join(',', Enumerable.Repeat(Good, size))}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("requests", answer.GetProperty("details")[1].GetProperty("fieldViolations")[0].GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("""{"requests":"198.51.100.99"}""", "requests", "Send a JSON array.")]
    [InlineData("""{"requests":{"event":{}}}""", "requests", "Send a JSON array.")]
    [InlineData("""{"requests":[{},"198.51.100.99"]}""", "requests[1]", "Send a JSON object.")]
    [InlineData("""{"requests":[{},null]}""", "requests[1]", "Send a JSON object.")]
    [InlineData("""{"requests":[{},{},{"event":{"address":198}}]}""", "requests[2].event.address", "Send a string.")]
    [InlineData("""{"requests":[{"event":{"kind":"198.51.100.99"}}]}""", "requests[0].event.kind", "Send one of EVENT_KIND_SIGN_UP, EVENT_KIND_MESSAGE.")]
    [InlineData("""{"requests":[{},{"requestId":198.51}]}""", "requests[1].request_id", "Send a string.")]
    public async Task ScoreBatch_ValueThatIsNotOfItsFieldsType_NamesTheFieldAndTheFix(string body, string field, string fix)
    {
        var (status, answer) = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("BODY_UNREADABLE", answer.GetProperty("details")[0].GetProperty("reason").GetString());
        var violation = Assert.Single(answer.GetProperty("details")[1].GetProperty("fieldViolations").EnumerateArray());
        Assert.Equal((field, fix), (violation.GetProperty("field").GetString(), violation.GetProperty("description").GetString()));
        Assert.DoesNotContain(Planted, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreBatch_FaultInEveryItemOfFarTooMany_IsAnsweredInProportionToTheBatch()
    {
        var body = $$"""{"requests":[{{string.Join(',', Enumerable.Repeat("1", 130_000))}}]}""";

        var (status, answer) = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var violations = answer.GetProperty("details")[1].GetProperty("fieldViolations").EnumerateArray().ToList();
        Assert.Equal("Send 1 to 256 requests in one batch.", violations[0].GetProperty("description").GetString());
        Assert.Equal("requests[98]", violations[^1].GetProperty("field").GetString());
        Assert.InRange(answer.GetRawText().Length, 1, 32 * 1024);
    }

    [Fact]
    public async Task ScoreBatch_FaultsBeyondTheLargestBatch_AreNotLookedFor()
    {
        var good = string.Join(',', Enumerable.Repeat("{}", 256));

        var (status, answer) = await PostAsync($$"""{"requests":[{{good}},1,1,1]}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var violation = Assert.Single(answer.GetProperty("details")[1].GetProperty("fieldViolations").EnumerateArray());
        Assert.Equal("requests", violation.GetProperty("field").GetString());
    }

    [Fact]
    public async Task ScoreBatch_BodyBeyondTheLimit_IsRefused()
    {
        var (status, answer) = await PostAsync($$$"""{"requests":[{"event":{"kind":"EVENT_KIND_SIGN_UP","account":"{{{new string('x', 300_000)}}}"}}]}""");

        Assert.True((int)status is >= 400 and < 500, status.ToString());
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string body)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json);
        using var response = await client.PostAsync(new Uri(server.Url(Listener.Http) + "/v1/events:scoreBatch"), content).DefaultTimeout();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync().DefaultTimeout());
        return (response.StatusCode, document.RootElement.Clone());
    }
}

/// <summary>On the embedded store.</summary>
public sealed class EmbeddedJsonBatchTests(ServerFixture server) : JsonBatchTests(server), IClassFixture<ServerFixture>;

/// <summary>On Redis.</summary>
public sealed class RedisJsonBatchTests(RedisServerFixture server) : JsonBatchTests(server), IClassFixture<RedisServerFixture>;
