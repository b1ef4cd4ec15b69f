using System.Net;
using System.Text.Json;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary><c>GET /authz</c>, as a proxy asks it.</summary>
public sealed class AuthzTests(EdgeServerFixture server, DefaultServerFixture untrusting) : IClassFixture<EdgeServerFixture>, IClassFixture<DefaultServerFixture>
{
    [Theory]
    [InlineData("", EdgeServerFixture.Allowed, HttpStatusCode.NoContent, "allow")]
    [InlineData("", EdgeServerFixture.Challenged, HttpStatusCode.Unauthorized, "challenge")]
    [InlineData("", EdgeServerFixture.Throttled, HttpStatusCode.TooManyRequests, "throttle")]
    [InlineData("", EdgeServerFixture.Denied, HttpStatusCode.Forbidden, "deny")]
    [InlineData("", EdgeServerFixture.DeniedV6, HttpStatusCode.Forbidden, "deny")]
    [InlineData("&challenge=403", EdgeServerFixture.Challenged, HttpStatusCode.Forbidden, "challenge")]
    [InlineData("&challenge=204", EdgeServerFixture.Challenged, HttpStatusCode.NoContent, "challenge")]
    [InlineData("&throttle=403", EdgeServerFixture.Throttled, HttpStatusCode.Forbidden, "throttle")]
    [InlineData("&challenge=204&throttle=403", EdgeServerFixture.Denied, HttpStatusCode.Forbidden, "deny")]
    public async Task Get_EveryVerdict_HasItsStatusAndHeaders(string query, string client, HttpStatusCode status, string verdict)
    {
        foreach (var kind in (string[])["sign_up", "message"])
        {
            using var response = await AskAsync(server, $"?kind={kind}{query}", client);

            Assert.Equal((status, verdict), (response.StatusCode, Header(response, "X-SpamGuard-Verdict")));
            Assert.Equal(("full", "no-store"), (Header(response, "X-SpamGuard-Quality"), Header(response, "Cache-Control")));
            Assert.Equal(verdict == "throttle" ? "60" : null, Header(response, "Retry-After"));
            var body = await response.Content.ReadAsStringAsync();
            if (status == HttpStatusCode.NoContent)
            {
                Assert.Empty(body);
                Assert.Equal("TEST_ADDRESS", Header(response, "X-SpamGuard-Reasons"));
                Assert.InRange(double.Parse(Header(response, "X-SpamGuard-Probability")!, System.Globalization.CultureInfo.InvariantCulture), 0, 1);
                Assert.True(Header(response, "X-SpamGuard-Decision-Token")!.Length > 100);
                continue;
            }

            // Many a proxy hands all of this on to the client.
            Assert.Equal(["X-SpamGuard-Quality", "X-SpamGuard-Verdict"], response.Headers.Select(static header => header.Key).Where(static name => name.StartsWith("X-SpamGuard-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

            using var problem = JsonDocument.Parse(body);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(((int)status, verdict), (problem.RootElement.GetProperty("status").GetInt32(), problem.RootElement.GetProperty("verdict").GetString()));
        }
    }

    [Theory]
    [InlineData("", "kind", "KIND_REQUIRED")]
    [InlineData("?kind=", "kind", "KIND_REQUIRED")]
    [InlineData("?kind=SIGN_UP", "kind", "KIND_UNKNOWN")]
    [InlineData("?kind=sign_up&kind=sign_up", "kind", "KIND_UNKNOWN")]
    [InlineData("?kind=sign_up&challenge=200", "challenge", "STATUS_UNKNOWN")]
    [InlineData("?kind=sign_up&throttle=401", "throttle", "STATUS_UNKNOWN")]
    [InlineData("?kind=sign_up&throtle=403", "query", "PARAMETER_UNKNOWN")]
    public async Task Get_WithWhatIsNoQuestion_Is400ThatNamesTheField(string query, string field, string reason)
    {
        using var response = await AskAsync(server, query, EdgeServerFixture.Denied);

        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var violation = body.RootElement.GetProperty("details")[1].GetProperty("fieldViolations")[0];
        Assert.Equal(
            (HttpStatusCode.BadRequest, field, reason),
            (response.StatusCode, violation.GetProperty("field").GetString(), violation.GetProperty("reason").GetString()));
        Assert.Null(Header(response, "X-SpamGuard-Verdict"));
    }

    [Theory]
    [InlineData("HEAD", HttpStatusCode.Forbidden)]
    [InlineData("POST", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", HttpStatusCode.MethodNotAllowed)]
    public async Task Request_OfOtherMethods_IsHeadOrNothing(string method, HttpStatusCode status)
    {
        using var response = await AskAsync(server, "?kind=sign_up", EdgeServerFixture.Denied, new HttpMethod(method));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, response.StatusCode);
        Assert.Equal((status == HttpStatusCode.MethodNotAllowed, method == "HEAD"), (text.Contains("NOT_SERVED", StringComparison.Ordinal), text.Length == 0));
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed ? "GET, HEAD" : "", string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("192.0.2.4", "deny")]
    [InlineData("192.0.2.4:4711", "deny")]
    [InlineData("[2001:db8::4]:4711", "deny")]
    [InlineData("::ffff:192.0.2.4", "deny")]
    [InlineData("192.0.2.1, 192.0.2.4", "deny")] // what the client said stands before what the proxy said
    [InlineData("192.0.2.1, 192.0.2.4, 10.1.2.3", "deny")]
    [InlineData("192.0.2.1,192.0.2.4,fd00::1, 10.1.2.3", "deny")]
    [InlineData("192.0.2.4, 192.0.2.1", "allow")]
    [InlineData("192.0.2.4, , 10.1.2.3", "deny")] // an empty element is none
    [InlineData("\", 192.0.2.4", "deny")] // a quote that the client opened, and what the proxy appended
    [InlineData("x\", 192.0.2.4", "deny")]
    [InlineData("\"192.0.2.1, 192.0.2.4", "deny")]
    [InlineData("\"192.0.2.1, \\\", 192.0.2.4, 10.1.2.3", "deny")]
    [InlineData(",, ,192.0.2.4,,", "deny")]
    public async Task ForwardedFor_FromATrustedPeer_IsFollowedBackwardsAsLongAsItIsBelieved(string forwardedFor, string expected)
    {
        using var response = await AskAsync(server, "?kind=sign_up", forwardedFor);

        Assert.Equal(expected, Header(response, "X-SpamGuard-Verdict"));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.4", "10.0.0.1")]
    [InlineData("\"", "192.0.2.1, 192.0.2.4", "")]
    [InlineData("192.0.2.1, \"", "192.0.2.4")]
    public async Task ForwardedFor_OverSeveralLines_IsOneList(params string[] lines)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url(Listener.Http) + "/authz?kind=sign_up"));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", lines);
        using var response = await client.SendAsync(request).DefaultTimeout();

        Assert.Equal("deny", Header(response, "X-SpamGuard-Verdict"));
    }

    [Fact]
    public async Task ForwardedFor_FromAPeerThatIsNotNamed_ScoresThePeerAndIsToldOnce()
    {
        foreach (var lie in (string[])["25.1.2.3", "192.0.2.4", "127.0.0.1"])
        {
            using var response = await AskAsync(untrusting, "?kind=message", lie);
            Assert.Contains("PRIVATE_ADDRESS", Header(response, "X-SpamGuard-Reasons"), StringComparison.Ordinal);
        }

        Assert.Single(untrusting.Logs.Logs, static log => log.Event.Id == SpamGuard.Server.EventIds.ForwardedForNotBelieved);
    }

    [Fact]
    public async Task Get_OnOtherListeners_IsNotThere()
    {
        using var client = new HttpClient();
        foreach (var listener in (Listener[])[Listener.Metrics, Listener.Health])
        {
            using var response = await client.GetAsync(new Uri(server.Url(listener) + "/authz?kind=sign_up")).DefaultTimeout();
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Get_Answered_IsCountedAsTheMethodThatItIsAFormOf()
    {
        const string Series = "grpc_server_handled_total{grpc_service=\"envoy.service.auth.v3.Authorization\",grpc_method=\"Check\",grpc_type=\"unary\",grpc_code=\"OK\"}";
        var before = await untrusting.MetricAsync(Series);
        using var response = await AskAsync(untrusting, "?kind=message", "");

        Assert.Equal(before + 1, await untrusting.MetricAsync(Series));
    }

    private static async Task<HttpResponseMessage> AskAsync(ServerFixture server, string query, string forwardedFor, HttpMethod? method = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri($"{server.Url(Listener.Http)}/authz{query}"));
        if (forwardedFor.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        }

        return await client.SendAsync(request).DefaultTimeout();
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;
}
