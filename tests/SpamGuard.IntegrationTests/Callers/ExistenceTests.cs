using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Who calls comes before what there is: whoever may not call a method is answered alike whether it is there or not.</summary>
public sealed class ExistenceTests(ExistenceTests.ScorerFixture server) : IClassFixture<ExistenceTests.ScorerFixture>
{
    private const string Served = "/spamguard.v1.ScoringService/Score";

    // A method of the desk, which this process is not; no methods, and one that spells what nobody should be told again.
    private static readonly string[] NotThere =
    [
        "/spamguard.v1.SubjectService/Inspect", "/spamguard.v1.ScoringService/Nothing", "/spamguard.v1.NoService/Score", "/203.0.113.9/%C3%BC", "/",
        "/livez", "/v1/events:score",
    ];

    private static readonly string[] JsonNotThere = ["/v1/subjects:inspect", "/v1/nothing", "/", "/livez", Served];

    public static TheoryData<string, StatusCode, string> Strangers => new()
    {
        { "no certificate", StatusCode.Unauthenticated, "CERTIFICATE_MISSING" },
        { "of another authority", StatusCode.Unauthenticated, "CERTIFICATE_UNTRUSTED" },
        { "unknown", StatusCode.PermissionDenied, "CALLER_UNKNOWN" },
        { "denied", StatusCode.Unauthenticated, "CERTIFICATE_DENIED" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Grpc_ByWhoeverIsNoCaller_IsAnsweredAlikeOnEveryPath(string who, StatusCode code, string reason)
    {
        using var client = server.Http2(Certificate(who));
        var expected = await AnswerAsync(client, Served);

        Assert.Equal(((int)code).ToString(CultureInfo.InvariantCulture), expected.Status);
        Assert.Equal(reason, expected.Reason);
        foreach (var path in NotThere)
        {
            Assert.Equal(expected, await AnswerAsync(client, path));
        }
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Json_ByWhoeverIsNoCaller_IsAnsweredAlikeOnEveryPath(string who, StatusCode code, string reason)
    {
        var client = server.Json(Certificate(who));
        var expected = await JsonAsync(client, HttpMethod.Post, "/v1/events:score");

        Assert.Equal(code == StatusCode.Unauthenticated ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, expected.Code);
        Assert.Contains(reason, expected.Body, StringComparison.Ordinal);
        foreach (var path in JsonNotThere)
        {
            Assert.Equal(expected, await JsonAsync(client, HttpMethod.Post, path));
            Assert.Equal(expected, await JsonAsync(client, HttpMethod.Get, path));
        }
    }

    [Theory]
    [InlineData("r2", Served, StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData("r2", "/spamguard.v1.SubjectService/Inspect", StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData("r2", "/spamguard.v1.ScoringService/Nothing", StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData("r2", "/spamguard.v1.NoService/Score", StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData("r2", "/203.0.113.9/%C3%BC", StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData("r31", Served, StatusCode.InvalidArgument, "INVALID_REQUEST")]
    [InlineData("r31", "/spamguard.v1.SubjectService/Inspect", StatusCode.Unimplemented, null)] // who may call it learns that it is elsewhere
    [InlineData("r31", "/spamguard.v1.ScoringService/Nothing", StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData("r31", "/spamguard.v1.NoService/Score", StatusCode.PermissionDenied, "ROLE_MISSING")]
    [InlineData("r31", "/203.0.113.9/%C3%BC", StatusCode.PermissionDenied, "ROLE_MISSING")]
    public async Task Grpc_ByACaller_IsRefusedByItsRolesBeforeItLearnsWhatThereIs(string caller, string path, StatusCode code, string? reason)
    {
        using var client = server.Http2(server.Mounted.Client(CallerServerFixture.Uri(caller)));

        var answer = await AnswerAsync(client, path);

        Assert.Equal((((int)code).ToString(CultureInfo.InvariantCulture), reason), (answer.Status, answer.Reason));
        Assert.DoesNotContain("203.0.113.9", answer.Details, StringComparison.Ordinal);
    }

    // 401 and 403 are verdicts there, for which nobody behind a proxy shall be turned away who was not judged.
    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Authz_ByWhoeverIsNoCaller_IsAnsweredAsIfItWereAway(string who, StatusCode code, string reason)
    {
        var (status, body) = await JsonAsync(server.Json(Certificate(who)), HttpMethod.Get, "/authz?kind=sign_up");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (status, body.Contains(reason, StringComparison.Ordinal)));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"code\": {(int)code}"), body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_ByACaller_IsRefusedOnPathsThatAreNone()
    {
        var client = server.Json(server.Mounted.Client(CallerServerFixture.Uri("r2")));
        foreach (var path in JsonNotThere.Append("/v1/events:score"))
        {
            var (code, body) = await JsonAsync(client, HttpMethod.Post, path);
            Assert.Equal(HttpStatusCode.Forbidden, code);
            Assert.Contains("ROLE_MISSING", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(nameof(Listener.Health), "/livez", HttpStatusCode.OK)]
    [InlineData(nameof(Listener.Health), "/readyz", HttpStatusCode.OK)]
    [InlineData(nameof(Listener.Health), "/nothing", HttpStatusCode.NotFound)]
    [InlineData(nameof(Listener.Health), "/v1/events:score", HttpStatusCode.NotFound)]
    [InlineData(nameof(Listener.Metrics), "/metrics", HttpStatusCode.OK)]
    [InlineData(nameof(Listener.Metrics), "/livez", HttpStatusCode.NotFound)]
    public async Task Get_OnAListenerThatTakesNoCalls_IsAnsweredToAnybody(string listener, string path, HttpStatusCode code)
    {
        using var client = new HttpClient();

        async Task<HttpStatusCode> AskAsync()
        {
            using var response = await client.GetAsync(new Uri(server.Url(Enum.Parse<Listener>(listener)) + path)).DefaultTimeout();
            return response.StatusCode;
        }

        await Poll.UntilAsync(async () => await AskAsync() == code).DefaultTimeout(); // it may not be ready yet
    }

    private static async Task<(HttpStatusCode Code, string Body)> JsonAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = method == HttpMethod.Post ? new StringContent("{}", new MediaTypeHeaderValue("application/json")) : null;
        using var response = await client.SendAsync(request).DefaultTimeout();
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Calls with an empty message and reads what any client would: the status, or what an answer without one means.</summary>
    private static async Task<(string Status, string? Reason, string Details)> AnswerAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        using var response = await client.SendAsync(request).DefaultTimeout();
        await response.Content.ReadAsByteArrayAsync().DefaultTimeout();
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return (((int)StatusCode.Unimplemented).ToString(CultureInfo.InvariantCulture), null, string.Empty);
        }

        var details = Header(response, "grpc-status-details-bin");
        var status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        return (Header(response, "grpc-status"), status.GetDetail<Google.Rpc.ErrorInfo>()?.Reason, status + Header(response, "grpc-message"));
    }

    private static string Header(HttpResponseMessage response, string name) =>
        (response.Headers.TryGetValues(name, out var values) || response.TrailingHeaders.TryGetValues(name, out values)) ? Assert.Single(values) : string.Empty;

    private TestCertificate? Certificate(string who)
    {
        switch (who)
        {
            case "no certificate":
                return null;
            case "of another authority":
                return server.Others.Client([CallerServerFixture.Uri("r31")]);
            default:
                return server.Mounted.Client(CallerServerFixture.Uri(who == "denied" ? ScorerFixture.Denied : "nobody"));
        }
    }

    /// <summary>A process that scores and is no desk.</summary>
    public sealed class ScorerFixture : CallerServerFixture
    {
        /// <summary>A caller that is denied.</summary>
        public const string Denied = "r30";

        public ScorerFixture() => Mounted.Exchange("denied.txt", $"san {Uri(Denied)}\n");

        public TestAuthority Others { get; } = new();

        /// <summary>A client for the gRPC listener that reads what is really answered.</summary>
        public HttpClient Http2(TestCertificate? certificate) => Mounted.Http(Url(Listener.Grpc), certificate);

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Others.Dispose();
        }

        protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
            new Dictionary<string, string?>(await base.SettingsAsync(), StringComparer.Ordinal) { ["Desk:Enabled"] = "false" };
    }
}
