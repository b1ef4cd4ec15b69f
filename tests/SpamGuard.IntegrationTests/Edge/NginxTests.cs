using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>A real nginx by the very file of the example, SpamGuard behind it, and an application that says what it was told.</summary>
public sealed partial class NginxTests(NginxFixture fixture, CallerServerFixture production) : IClassFixture<NginxFixture>, IClassFixture<CallerServerFixture>
{
    private static readonly (string, string)[] Lies =
        [("X-SpamGuard-Verdict", "lie"), ("X-SpamGuard-Probability", "lie"), ("X-SpamGuard-Reasons", "lie"), ("X-SpamGuard-Decision-Token", "lie"), ("X-SpamGuard-Quality", "lie"), ("X-SpamGuard-Away", "yes")];

    [Fact]
    public async Task SignUp_OfAStranger_ReachesTheApplicationWithWhatWasSaid()
    {
        var (status, body, header) = await Client(NginxFixture.Stranger).PostAsync("/sign-up", Lies);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches("^POST /sign-up verdict=allow probability=0.0[0-9]+ reasons=[A-Z_,]*PRIOR[A-Z_,]* quality=(full|degraded) token=[-_A-Za-z0-9]{100,}\n$", body);
        Assert.Null(header("X-SpamGuard-Verdict")); // it is the application that is told
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/challenge")]
    public async Task Path_ThatIsNotAskedAbout_ReachesTheApplicationWithoutAVerdict(string path)
    {
        var (status, body, _) = await Client(NginxFixture.Denied).PostAsync(path, Lies);

        Assert.Equal((HttpStatusCode.OK, $"POST {path} verdict= probability= reasons= quality= token=\n"), (status, body));
    }

    [Fact]
    public async Task Page_OfTheForm_IsLookedAtWithoutBeingCounted()
    {
        var before = await CheckedAsync();
        var (status, body, _) = await Client(NginxFixture.Denied).GetAsync("/sign-up", Lies);

        Assert.Equal((HttpStatusCode.OK, "GET /sign-up verdict= probability= reasons= quality= token=\n"), (status, body));
        Assert.Equal(before, await CheckedAsync());
        await Client(NginxFixture.Denied).PostAsync("/sign-up");
        Assert.Equal(before + 1, await CheckedAsync());

        Task<double> CheckedAsync() => fixture.Server.MetricAsync("grpc_server_handled_total{grpc_service=\"envoy.service.auth.v3.Authorization\",grpc_method=\"Check\",grpc_type=\"unary\",grpc_code=\"OK\"}");
    }

    [Theory]
    [InlineData("/x/../sign-up")]
    [InlineData("//sign-up")]
    [InlineData("/sign%2Dup")]
    [InlineData("/sign-up/")]
    [InlineData("/sign-up//")]
    [InlineData("/Sign-Up")]
    [InlineData("/SIGN-UP?a=b")]
    [InlineData("/%53ign-up/")]
    [InlineData("/Messages/")]
    [InlineData("/sign-up%20")]
    [InlineData("/sign-up%0A")]
    [InlineData("/sign-up%1F/")]
    [InlineData("/sign-up.")]
    public async Task Path_InAnotherSpelling_IsAskedAbout(string path)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Client(NginxFixture.Denied).PostAsync(path)).Status);
    }

    // Java's containers take most of these for /sign-up, other servers the rest.
    [Theory]
    [InlineData("/sign-up;a=b")]
    [InlineData("/sign-up/;a")]
    [InlineData("/sign-up;a%0Ab")]
    [InlineData("/sign-up%3Ba")]
    [InlineData("/;x/sign-up")]
    [InlineData("/x/..;/sign-up")]
    [InlineData("/x/..;/../sign-up")]
    [InlineData("/x/..%3b/../sign-up")]
    [InlineData("/x\\..\\sign-up")]
    [InlineData("/sign-up%5C")]
    public async Task Path_ThatAnApplicationMayTakeForAnother_IsRefused(string path)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Client(NginxFixture.Stranger).PostAsync(path)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client(NginxFixture.Stranger).GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("/other?a;b=\\", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("/shop/cart;jsessionid=0A", HttpStatusCode.BadRequest, HttpStatusCode.OK)]
    [InlineData("/shop/cart;jsessionid=0A?a=b", HttpStatusCode.BadRequest, HttpStatusCode.OK)]
    [InlineData("/shop/..;jsessionid=0A/sign-up", HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)]
    [InlineData("/shop/../sign-up;jsessionid=0A", HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)]
    [InlineData("/shop/x;jsessionid=0A/../../sign-up", HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)]
    public async Task Path_WithAParameter_PassesWhereTheFileSaysSo(string path, HttpStatusCode asItIs, HttpStatusCode allowed)
    {
        await using var nginx = await NginxProcess.StartAsync(fixture.Port, static text => text.Replace("#   \"~^/shop/", "\"~^/shop/", StringComparison.Ordinal));

        Assert.Equal(asItIs, (await Client(NginxFixture.Stranger).GetAsync(path)).Status);
        Assert.Equal(allowed, (await new ProxyClient(nginx.Url, NginxFixture.Stranger).GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("PUT", true)]
    [InlineData("PATCH", true)]
    [InlineData("DELETE", true)]
    [InlineData("HEAD", false)]
    [InlineData("OPTIONS", false)]
    public async Task Method_ThatMayAcceptSomething_IsAskedAbout(string method, bool isAsked)
    {
        var (status, _, _) = await Client(NginxFixture.Denied).SendAsync(new HttpMethod(method), "/messages", []);

        Assert.Equal(isAsked ? HttpStatusCode.Forbidden : HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task SignUp_OfWhoIsToBeChallenged_ReachesTheApplicationWhoReportsHowItWent()
    {
        var (status, body, _) = await Client(NginxFixture.Challenged).PostAsync("/sign-up", Lies);
        var (answered, answer, _) = await Client(NginxFixture.Challenged).PostAsync("/challenge", Lies);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (status, answered));
        Assert.StartsWith("POST /sign-up verdict=challenge ", body, StringComparison.Ordinal);
        Assert.StartsWith("POST /challenge verdict= ", answer, StringComparison.Ordinal); // asked about and counted once
        var token = Token().Match(body).Groups["token"].Value;
        var report = await fixture.Server.Feedback.ReportOutcomeAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.ChallengePassed }).ResponseAsync.DefaultTimeout();
        Assert.Equal(ReportResult.Applied, report.Result);
    }

    [Fact]
    public async Task SignUp_WithTheRedirectOfTheFile_IsSentToAPage()
    {
        await using var nginx = await NginxProcess.StartAsync(fixture.Port, static text => text.Replace("&challenge=204", "", StringComparison.Ordinal));

        var (status, _, header) = await new ProxyClient(nginx.Url, NginxFixture.Challenged).PostAsync("/sign-up");

        Assert.Equal((HttpStatusCode.SeeOther, "no-store"), (status, header("Cache-Control")));
        Assert.Equal("/challenge", new Uri(nginx.Url, header("Location")).AbsolutePath);
    }

    [Theory]
    [InlineData("/sign-up")]
    [InlineData("/messages")]
    public async Task Request_OfWhoIsThrottledOrDenied_IsARealStatus(string path)
    {
        var (throttled, throttledBody, header) = await Client(NginxFixture.Throttled).PostAsync(path);
        var (denied, deniedBody, deniedHeader) = await Client(NginxFixture.Denied).PostAsync(path);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.Forbidden), (throttled, denied));
        Assert.InRange(int.Parse(header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 3600);
        Assert.Equal(("no-store", "no-store", null), (header("Cache-Control"), deniedHeader("Cache-Control"), deniedHeader("Retry-After")));
        Assert.Equal((429, 403), (StatusOf(throttledBody), StatusOf(deniedBody)));
    }

    [Fact]
    public async Task ForwardedFor_ThatAClientMadeUp_ScoresTheClient()
    {
        var (denied, _, _) = await Client(NginxFixture.Denied).PostAsync("/sign-up", ("X-Forwarded-For", NginxFixture.Stranger), ("X-Forwarded-For", "25.1.2.3"), ("Forwarded", "for=25.1.2.3"), ("X-Real-IP", "25.1.2.3"));
        var (allowed, body, _) = await Client("127.15.0.1").PostAsync("/sign-up", ("X-Forwarded-For", NginxFixture.Denied));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (denied, allowed));
        Assert.DoesNotContain("OPERATOR_OVERRIDE", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithHeadersAsLargeAsNginxTakesThem_IsAskedAboutAllTheSame()
    {
        (string, string)[] large = [("X-Small", new string('x', 800)), ("X-Forwarded-For", string.Join(',', Enumerable.Repeat("25.1.2.3", 900))), .. Enumerable.Range(0, 3).Select(static i => ($"X-Large-{i}", new string('x', 8000)))]; // in four buffers of 8 KB, with what the client adds

        Assert.Equal(HttpStatusCode.Forbidden, (await Client(NginxFixture.Denied).PostAsync("/sign-up", large)).Status);
    }

    [Fact]
    public async Task Request_WhileNobodyListens_PassesWithoutAVerdictOrNotAsTheFileSays()
    {
        var nobody = FreePorts.TakeOne();
        await using var open = await NginxProcess.StartAsync(nobody);
        await using var closed = await NginxProcess.StartAsync(nobody, static text => AwayPasses().Replace(text, "location @away { return 503; }"));

        var (passed, body, _) = await new ProxyClient(open.Url, NginxFixture.Denied).PostAsync("/sign-up", Lies);

        Assert.Equal((HttpStatusCode.OK, "POST /sign-up verdict= probability= reasons= quality= token= away=yes\n"), (passed, body));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await new ProxyClient(closed.Url, NginxFixture.Denied).PostAsync("/sign-up")).Status);
        Assert.Equal(HttpStatusCode.OK, (await new ProxyClient(closed.Url, NginxFixture.Denied).PostAsync("/other")).Status);
    }

    [Fact]
    public async Task Request_WhileNothingAnswers_IsNotKeptWaiting()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        await using var nginx = await NginxProcess.StartAsync(((IPEndPoint)frozen.LocalEndpoint).Port);

        Assert.Equal(HttpStatusCode.OK, (await new ProxyClient(nginx.Url, NginxFixture.Denied).PostAsync("/sign-up")).Status);
    }

    [Theory]
    [InlineData("kind=sign_up&", "kind=newsletter&", HttpStatusCode.OK)] // 400
    [InlineData("throttle=403;", ";", HttpStatusCode.TooManyRequests)] // 429, for which nginx has no meaning; but it says when to come again
    public async Task Question_ThatIsWrittenWrong_IsNoDenial(string right, string wrong, HttpStatusCode status)
    {
        await using var nginx = await NginxProcess.StartAsync(fixture.Port, text => text.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(status, (await new ProxyClient(nginx.Url, NginxFixture.Throttled).PostAsync("/sign-up")).Status);
    }

    [Theory]
    [InlineData("/sign-up")]
    [InlineData("/messages")]
    public async Task Request_BeyondTheQuotaOfTheProxy_DoesNotPass(string path)
    {
        var certificate = production.Mounted.Client(CallerServerFixture.Uri("score-limited"));
        await using var nginx = await NginxProcess.StartAsync(new Uri(production.Url(Listener.Http)).Port, text => Uncomment(text, certificate));
        var flood = new ProxyClient(nginx.Url, NginxFixture.Stranger);
        for (var i = 0; i < 5; i++)
        {
            await flood.PostAsync("/sign-up"); // all of it
        }

        var (status, body, header) = await flood.PostAsync(path);

        Assert.Equal((HttpStatusCode.TooManyRequests, 429), (status, StatusOf(body)));
        Assert.InRange(int.Parse(header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 3600);
        Assert.Equal(HttpStatusCode.OK, (await flood.GetAsync(path)).Status);
    }

    // The commented lines of the file.
    [Fact]
    public async Task Question_OverTls_IsAnsweredToWhoShowsACertificate()
    {
        var certificate = production.Mounted.Client(CallerServerFixture.Uri("forms"));
        var port = new Uri(production.Url(Listener.Http)).Port;
        await using var caller = await NginxProcess.StartAsync(port, text => Uncomment(text, certificate));
        await using var nobody = await NginxProcess.StartAsync(port, text => OwnCertificate().Replace(Uncomment(text, certificate), ""));

        Assert.StartsWith("POST /sign-up verdict=allow ", (await new ProxyClient(caller.Url, NginxFixture.Stranger).PostAsync("/sign-up")).Body, StringComparison.Ordinal);
        Assert.StartsWith("POST /messages verdict= ", (await new ProxyClient(caller.Url, NginxFixture.Stranger).PostAsync("/messages")).Body, StringComparison.Ordinal); // beyond its purpose
        Assert.StartsWith("POST /sign-up verdict= ", (await new ProxyClient(nobody.Url, NginxFixture.Stranger).PostAsync("/sign-up")).Body, StringComparison.Ordinal);
    }

    private string Uncomment(string text, TestCertificate certificate) => Commented().Replace(text, "${setting}")
        .Replace("http://spamguard/authz", "https://spamguard/authz", StringComparison.Ordinal)
        .Replace("nginx.crt", certificate.CertificatePath, StringComparison.Ordinal)
        .Replace("nginx.key", certificate.KeyPath, StringComparison.Ordinal)
        .Replace(" ca.crt", $" {production.Mounted.Authority.CaPath}", StringComparison.Ordinal)
        .Replace("spamguard.example.org", "localhost", StringComparison.Ordinal);

    private static int StatusOf(string problem)
    {
        using var document = JsonDocument.Parse(problem);
        return document.RootElement.GetProperty("status").GetInt32();
    }

    private ProxyClient Client(string address) => new(fixture.Url, address);

    [GeneratedRegex(@"token=(?<token>[-_A-Za-z0-9]{100,})\n$", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex(@"location @away \{.*?\n        \}", RegexOptions.Singleline)]
    private static partial Regex AwayPasses();

    [GeneratedRegex(@"# +(?<setting>proxy_ssl_)")]
    private static partial Regex Commented();

    [GeneratedRegex(@"proxy_ssl_certificate(_key)? .*;", RegexOptions.ExplicitCapture)]
    private static partial Regex OwnCertificate();
}
