using System.Text.Json;
using Envoy.Service.Auth.V3;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary><c>envoy.service.auth.v3.Authorization/Check</c>: asked by Envoy's own definitions from Node.js, and by ours.</summary>
public sealed class EnvoyCheckTests(EdgeServerFixture server) : IClassFixture<EdgeServerFixture>
{
    private static readonly string[] Told = ["x-spamguard-verdict", "x-spamguard-probability", "x-spamguard-reasons", "x-spamguard-decision-token", "x-spamguard-quality"];

    // One process of Node.js for all: most of the time of one is its start.
    [Fact]
    public async Task Check_ByEnvoysDefinitionsWithEveryFieldFilled_IsAnsweredByThem()
    {
        Dictionary<string, string> none = [];
        var answers = await EnvoyTool.AskAsync(
            new Uri(server.Url(Listener.Grpc)).Authority,
            ("sign_up", EdgeServerFixture.Allowed, none, false),
            ("message", EdgeServerFixture.Challenged, none, true),
            ("sign_up", EdgeServerFixture.Throttled, none, false),
            ("message", EdgeServerFixture.DeniedV6, none, true),
            ("sign_up", "10.0.0.1", new() { ["x-envoy-external-address"] = EdgeServerFixture.Denied }, false),
            ("newsletter", EdgeServerFixture.Allowed, none, false),
            (null, EdgeServerFixture.Allowed, none, false));

        Passes(answers[0]);
        Refuses(answers[1], 16, "Unauthorized", "challenge", retryAfter: null);
        Refuses(answers[2], 8, "TooManyRequests", "throttle", retryAfter: "60");
        Refuses(answers[3], 7, "Forbidden", "deny", retryAfter: null);
        Refuses(answers[4], 7, "Forbidden", "deny", retryAfter: null);
        foreach (var error in answers.Skip(5))
        {
            Assert.Equal((int)StatusCode.InvalidArgument, error.GetProperty("error").GetInt32());
            Assert.Contains("attributes.context_extensions[\"kind\"]", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, EdgeServerFixture.Denied, "attributes.context_extensions[\"kind\"]")]
    [InlineData("SIGN_UP", EdgeServerFixture.Denied, "attributes.context_extensions[\"kind\"]")]
    [InlineData("message", null, "attributes.source.address.socket_address.address")]
    [InlineData("message", "", "attributes.source.address.socket_address.address")]
    [InlineData("message", "/run/envoy.sock", "attributes.source.address.socket_address.address")]
    [InlineData("message", "0.0.0.0", "attributes.source.address.socket_address.address")]
    [InlineData("", "", "attributes.context_extensions[\"kind\"], attributes.source.address.socket_address.address")]
    public async Task Check_OfWhatIsNoQuestion_IsAnErrorThatNamesTheFields(string? kind, string? source, string fields)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Client.CheckAsync(EnvoyQuestion.Of(kind, source)).ResponseAsync.DefaultTimeout());

        Assert.Equal((StatusCode.InvalidArgument, fields), (error.StatusCode, error.Info().Metadata["fields"]));
    }

    [Theory]
    [InlineData(EdgeServerFixture.Denied, "deny")]
    [InlineData(EdgeServerFixture.DeniedV6, "deny")]
    [InlineData(null, "allow")] // missing: the source
    [InlineData("", "allow")]
    [InlineData("unknown", "allow")]
    [InlineData("4", "allow")]
    [InlineData("224.0.0.1", "allow")]
    [InlineData($"{EdgeServerFixture.Denied}, {EdgeServerFixture.Denied}", "allow")]
    public async Task Check_WithAHeaderOfTheAddress_TakesItWhereItIsOne(string? header, string verdict)
    {
        var request = header is null ? EnvoyQuestion.Of("message", EdgeServerFixture.Allowed) : EnvoyQuestion.Of("message", EdgeServerFixture.Allowed, ("x-envoy-external-address", header));
        request.Attributes.Request.Http.Headers["x-forwarded-for"] = EdgeServerFixture.Throttled;
        Assert.Equal(verdict, VerdictOf(await Client.CheckAsync(request).ResponseAsync.DefaultTimeout()));

        // The same as Envoy sends it with encode_raw_headers.
        var raw = EnvoyQuestion.Of("message", EdgeServerFixture.Allowed);
        raw.Attributes.Request.Http.HeaderMap = new() { Headers = { new global::Envoy.Config.Core.V3.HeaderValue { Key = "x-forwarded-for", RawValue = Google.Protobuf.ByteString.CopyFromUtf8("25.1.2.3") } } };
        foreach (var one in header is null ? [] : header.Split(", "))
        {
            raw.Attributes.Request.Http.HeaderMap.Headers.Add(new global::Envoy.Config.Core.V3.HeaderValue { Key = "x-envoy-external-address", RawValue = Google.Protobuf.ByteString.CopyFromUtf8(one) });
        }

        Assert.Equal(verdict, VerdictOf(await Client.CheckAsync(raw).ResponseAsync.DefaultTimeout()));
    }

    [Fact]
    public async Task Check_OfAHeaderNobodyNamed_ScoresTheSource()
    {
        await using var other = new ChallengeServer("401");
        await other.InitializeAsync();

        Assert.Equal("allow", VerdictOf(await new Authorization.AuthorizationClient(other.Channel)
            .CheckAsync(EnvoyQuestion.Of("message", EdgeServerFixture.Allowed, ("x-envoy-external-address", EdgeServerFixture.Denied))).ResponseAsync.DefaultTimeout()));
    }

    [Theory]
    [InlineData("403", 403, null)]
    [InlineData("428", 428, null)]
    [InlineData("/challenge?from=here", 303, "/challenge?from=here")]
    [InlineData("https://example.org/challenge", 303, "https://example.org/challenge")]
    [InlineData("upstream", null, null)]
    public async Task Check_OfWhoIsToBeChallenged_IsAnsweredAsTheConfigurationSays(string challenge, int? status, string? location)
    {
        await using var other = new ChallengeServer(challenge);
        await other.InitializeAsync();
        var client = new Authorization.AuthorizationClient(other.Channel);

        var answer = await client.CheckAsync(EnvoyQuestion.Of("sign_up", EdgeServerFixture.Challenged)).ResponseAsync.DefaultTimeout();
        var denied = await client.CheckAsync(EnvoyQuestion.Of("sign_up", EdgeServerFixture.Denied)).ResponseAsync.DefaultTimeout();

        Assert.Equal("challenge", VerdictOf(answer));
        Assert.Equal(status, answer.DeniedResponse is { } response ? (int)response.Status.Code : null);
        Assert.Equal(location, answer.DeniedResponse?.Headers.SingleOrDefault(static header => header.Header.Key == "location")?.Header.Value);
        Assert.Equal(status is null ? 0 : 16, answer.Status.Code);
        Assert.Equal(status is null ? "challenge" : null, answer.OkResponse?.Headers.Single(static header => header.Header.Key == Told[0]).Header.Value);
        Assert.Equal(403, (int)denied.DeniedResponse.Status.Code);
        Assert.DoesNotContain(denied.DeniedResponse.Headers, static header => header.Header.Key == "location");
    }

    [Fact]
    public async Task Check_WithHeadersAsLargeAsEnvoyTakesThem_IsAnswered()
    {
        var large = Enumerable.Range(0, 8).Select(static i => ($"x-large-{i}", new string('x', 8000))).Append((":path", new string('x', 60_000)));

        Assert.Equal("deny", VerdictOf(await Client.CheckAsync(EnvoyQuestion.Of("sign_up", EdgeServerFixture.Denied, large)).ResponseAsync.DefaultTimeout()));
    }

    // Envoy's x-request-id may be its client's own: who says the same each time counts each time.
    [Fact]
    public async Task Check_Again_CountsAgain()
    {
        var verdicts = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            verdicts.Add(VerdictOf(await Client.CheckAsync(EnvoyQuestion.Of("sign_up", "25.44.0.1", ("x-request-id", "9f0b2c1e-5a57-4f6b-8e54-0d8f6b1c2d3e"))).ResponseAsync.DefaultTimeout()));
        }

        Assert.Equal("allow", verdicts[0]);
        Assert.NotEqual("allow", verdicts[^1]);
    }

    private Authorization.AuthorizationClient Client => EnvoyQuestion.Client(server.Channel);

    private static string VerdictOf(CheckResponse answer) => answer.DynamicMetadata.Fields["verdict"].StringValue;

    private static void Passes(JsonElement answer)
    {
        Assert.Equal(("ok_response", 0), (answer.GetProperty("http_response").GetString(), answer.GetProperty("status").GetProperty("code").GetInt32()));
        var headers = answer.GetProperty("ok_response").GetProperty("headers");
        Assert.Equal(Told.Order(StringComparer.Ordinal), Headers(headers).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("allow", "0.01", "TEST_ADDRESS", "full"), (Headers(headers)[Told[0]], Headers(headers)[Told[1]], Headers(headers)[Told[2]], Headers(headers)[Told[4]]));

        // False and not left out: what a client sends under the name is replaced, by every version of Envoy.
        Assert.All(headers.EnumerateArray(), static header => Assert.False(header.GetProperty("append").GetProperty("value").GetBoolean()));
        var metadata = answer.GetProperty("dynamic_metadata").GetProperty("fields");
        Assert.Equal(Headers(headers)[Told[3]], metadata.GetProperty("decision_token").GetProperty("stringValue").GetString());
        Assert.Equal(.01, metadata.GetProperty("probability").GetProperty("numberValue").GetDouble(), 6);
        Assert.Equal("TEST_ADDRESS", metadata.GetProperty("reasons").GetProperty("listValue").GetProperty("values")[0].GetProperty("stringValue").GetString());
    }

    private static void Refuses(JsonElement answer, int code, string status, string verdict, string? retryAfter)
    {
        Assert.Equal(("denied_response", code), (answer.GetProperty("http_response").GetString(), answer.GetProperty("status").GetProperty("code").GetInt32()));
        var response = answer.GetProperty("denied_response");
        var headers = Headers(response.GetProperty("headers"));
        Assert.Equal((status, verdict, retryAfter), (response.GetProperty("status").GetProperty("code").GetString(), headers[Told[0]], headers.GetValueOrDefault("retry-after")));
        Assert.Equal(("application/problem+json", "no-store"), (headers["content-type"], headers["cache-control"]));
        Assert.Equal([Told[4], Told[0]], headers.Keys.Where(Told.Contains).Order(StringComparer.Ordinal)); // the rest is in the metadata: it is none of the client's business
        using var problem = JsonDocument.Parse(response.GetProperty("body").GetString()!);
        Assert.Equal(verdict, problem.RootElement.GetProperty("verdict").GetString());
        Assert.NotEmpty(answer.GetProperty("dynamic_metadata").GetProperty("fields").GetProperty("decision_token").GetProperty("stringValue").GetString()!);
    }

    private static Dictionary<string, string> Headers(JsonElement headers) => headers.EnumerateArray().Select(static header => header.GetProperty("header"))
        .ToDictionary(static header => header.GetProperty("key").GetString()!, static header => header.GetProperty("value").GetString()!, StringComparer.Ordinal);

    /// <summary>A server with a challenge of its own, and no header for addresses.</summary>
    private sealed class ChallengeServer(string challenge) : ServerFixture, IAsyncDisposable
    {
        private readonly PolicyFileOnDisk _policy = new("test_addresses: true\n");

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            await DisposeAsync();
            _policy.Dispose();
        }

        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string?>>(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Policy:Path"] = _policy.Path, ["Edge:Envoy:Challenge"] = challenge });
    }
}
