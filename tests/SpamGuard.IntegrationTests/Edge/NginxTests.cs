using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>A real nginx by the very file of the example, SpamGuard behind it, and an application that says what it was told.</summary>
public sealed partial class NginxTests(NginxFixture fixture, CallerServerFixture production) : IClassFixture<NginxFixture>, IClassFixture<CallerServerFixture>
{
    private static readonly (string, string)[] Lies =
        [("X-SpamGuard-Verdict", "lie"), ("X-SpamGuard-Probability", "lie"), ("X-SpamGuard-Reasons", "lie"), ("X-SpamGuard-Decision-Token", "lie"), ("X-SpamGuard-Quality", "lie")];

    [Fact]
    public async Task SignUp_OfAStranger_ReachesTheApplicationWithWhatWasSaid()
    {
        var (status, body, header) = await Client(NginxFixture.Stranger).PostAsync("/sign-up", Lies);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches("^POST /sign-up verdict=allow probability=0.05 reasons=[A-Z_,]*PRIOR[A-Z_,]* quality=(full|degraded) token=[-_A-Za-z0-9]{100,}\n$", body);
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
        var (status, body, _) = await Client(NginxFixture.Denied).GetAsync("/sign-up", Lies);

        Assert.Equal((HttpStatusCode.OK, "GET /sign-up verdict= probability= reasons= quality= token=\n"), (status, body));
    }

    [Theory]
    [InlineData("/x/../sign-up")]
    [InlineData("//sign-up")]
    [InlineData("/sign%2Dup")]
    public async Task Path_InAnotherSpelling_IsAskedAbout(string path)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Client(NginxFixture.Denied).PostAsync(path)).Status);
    }

    [Fact]
    public async Task SignUp_OfWhoIsToBeChallenged_IsRedirectedAndAMessageIsPassedOn()
    {
        var (status, _, header) = await Client(NginxFixture.Challenged).PostAsync("/sign-up");
        var (passed, body, _) = await Client(NginxFixture.Challenged).PostAsync("/messages", Lies);

        Assert.Equal((HttpStatusCode.SeeOther, "no-store"), (status, header("Cache-Control")));
        Assert.Equal("/challenge", new Uri(fixture.Url, header("Location")).AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, passed);
        Assert.StartsWith("POST /messages verdict=challenge ", body, StringComparison.Ordinal);
        Assert.Matches("token=[-_A-Za-z0-9]{100,}\n$", body);
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
        (string, string)[] large = [("X-Small", new string('x', 800)), ("X-Largest", new string('x', 8150)), ("X-Large", new string('x', 8150)), ("X-Larger", new string('x', 8150)), ("X-Last", new string('x', 8000))];

        Assert.Equal(HttpStatusCode.Forbidden, (await Client(NginxFixture.Denied).PostAsync("/sign-up", large)).Status);
    }

    [Fact]
    public async Task Request_WhileNobodyListens_PassesWithoutAVerdictOrNotAsTheFileSays()
    {
        var nobody = FreePorts.TakeOne();
        await using var open = await NginxProcess.StartAsync(nobody);
        await using var closed = await NginxProcess.StartAsync(nobody, static text => AwayPasses().Replace(text, "location @away { return 503; }"));

        var (passed, body, _) = await new ProxyClient(open.Url, NginxFixture.Denied).PostAsync("/sign-up", Lies);

        Assert.Equal((HttpStatusCode.OK, "POST /sign-up verdict= probability= reasons= quality= token=\n"), (passed, body));
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
    [InlineData("kind=sign_up&", "kind=newsletter&")] // 400
    [InlineData("throttle=403;", ";")] // 429, for which nginx has no meaning
    public async Task Question_ThatIsWrittenWrong_IsNoDenial(string right, string wrong)
    {
        await using var nginx = await NginxProcess.StartAsync(fixture.Port, text => text.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, (await new ProxyClient(nginx.Url, NginxFixture.Throttled).PostAsync("/sign-up")).Status);
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
        .Replace("ca.crt", production.Mounted.Authority.CaPath, StringComparison.Ordinal)
        .Replace("spamguard.example.org", "localhost", StringComparison.Ordinal);

    private static int StatusOf(string problem)
    {
        using var document = JsonDocument.Parse(problem);
        return document.RootElement.GetProperty("status").GetInt32();
    }

    private ProxyClient Client(string address) => new(fixture.Url, address);

    [GeneratedRegex(@"location @away \{[^}]*\}")]
    private static partial Regex AwayPasses();

    [GeneratedRegex(@"# +(?<setting>proxy_ssl_)")]
    private static partial Regex Commented();

    [GeneratedRegex(@"proxy_ssl_certificate(_key)? .*;", RegexOptions.ExplicitCapture)]
    private static partial Regex OwnCertificate();
}
