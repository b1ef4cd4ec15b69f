using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Certificates that must not be let in, over gRPC and as JSON: what each is told.</summary>
public sealed class CertificateTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private static readonly string Known = CallerServerFixture.Uri("r1");

    private static readonly Dictionary<string, (StatusCode Code, string Reason, string Message)> Cases = new(StringComparer.Ordinal)
    {
        ["none"] = (StatusCode.Unauthenticated, "CERTIFICATE_MISSING", "This listener needs a client certificate, and the connection has none."),
        ["of another authority of the same name"] = (StatusCode.Unauthenticated, "CERTIFICATE_UNTRUSTED", Untrusted),
        ["signed by itself"] = (StatusCode.Unauthenticated, "CERTIFICATE_UNTRUSTED", Untrusted),
        ["expired"] = (StatusCode.Unauthenticated, "CERTIFICATE_EXPIRED", "The client certificate has expired."),
        ["not yet valid"] = (StatusCode.Unauthenticated, "CERTIFICATE_NOT_YET_VALID", "The client certificate is not valid yet."),
        ["for servers"] = (
            StatusCode.Unauthenticated, "CERTIFICATE_NOT_FOR_CLIENTS", "The certificate is not for client authentication: its extended key usage says otherwise."),
        ["without a name"] = (
            StatusCode.Unauthenticated,
            "CERTIFICATE_WITHOUT_IDENTITY",
            "The client certificate names nobody: it needs a URI or a DNS name as subject alternative name."),
        ["of an unknown URI"] = (StatusCode.PermissionDenied, "CALLER_UNKNOWN", Unknown),
        ["of an unknown DNS name"] = (StatusCode.PermissionDenied, "CALLER_UNKNOWN", Unknown),
        ["of a longer URI"] = (StatusCode.PermissionDenied, "CALLER_UNKNOWN", Unknown),
        ["of two callers"] = (
            StatusCode.PermissionDenied, "CALLER_AMBIGUOUS", "The client certificate has the names of several callers; it needs those of one."),
    };

    private const string Untrusted = "The client certificate is of no authority that this service trusts.";
    private const string Unknown = "No caller of this name is configured.";

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_CertificateThatIsNotGood_IsToldWhy(string name)
    {
        var (code, reason, message) = Cases[name];
        using var others = new TestAuthority();
        var channel = server.With(Certificate(name, others));

        // Nothing of the request counts: a good one, one that can't be taken, and one that asks whether something exists are answered alike.
        foreach (var request in (ScoreRequest[])[new() { Event = Events.SignUp("24.0.0.1") }, new()])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => new ScoringService.ScoringServiceClient(channel).ScoreAsync(request).ResponseAsync.DefaultTimeout());

            Assert.Equal((code, message), (error.StatusCode, error.Status.Detail));
            Assert.Equal((reason, "spamguard"), (error.Info().Reason, error.Info().Domain));
            Assert.DoesNotContain("example.org", error.GetRpcStatus()!.ToString(), StringComparison.Ordinal);
        }

        var token = await Assert.ThrowsAsync<RpcException>(() =>
            new ScoringService.ScoringServiceClient(channel).ExplainAsync(new ExplainRequest { DecisionToken = "x" }).ResponseAsync.DefaultTimeout());
        Assert.Equal((code, reason), (token.StatusCode, token.Info().Reason));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Json_CertificateThatIsNotGood_IsToldTheSame(string name)
    {
        var (code, reason, message) = Cases[name];
        using var others = new TestAuthority();

        using var response = await server.Json(Certificate(name, others)).PostAsync(
            new Uri("/v1/events:score", UriKind.Relative), new StringContent("{ no JSON", Encoding.UTF8, "application/json")).DefaultTimeout();

        Assert.Equal(code == StatusCode.Unauthenticated ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(((int)code, message), (body.RootElement.GetProperty("code").GetInt32(), body.RootElement.GetProperty("message").GetString()));
        var info = body.RootElement.GetProperty("details")[0];
        Assert.Equal((reason, "spamguard"), (info.GetProperty("reason").GetString(), info.GetProperty("domain").GetString()));
    }

    [Theory]
    [InlineData("spiffe://example.org/r1")]
    [InlineData("r1.example.org")]
    [InlineData("R1.Example.ORG")]
    [InlineData("spiffe://example.org/r1", "r1.example.org")]
    [InlineData("r1.example.org", "nobody.example.org", "spiffe://example.org/nobody")]
    public async Task Call_NamesOfOneCaller_AreItsOwn(params string[] names)
    {
        var scoring = new ScoringService.ScoringServiceClient(server.With(server.Mounted.Client(names)));

        var token = (await scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("24.0.0.2") })).Assessment.DecisionToken;

        Assert.Equal("r1", server.CallerOf(token));
    }

    [Fact]
    public async Task Call_ByPlaintextOnTheListenerWithCertificates_IsNotServed()
    {
        using var plain = global::Grpc.Net.Client.GrpcChannel.ForAddress(server.Url(SpamGuard.Server.Listeners.Listener.Grpc).Replace("https", "http", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<RpcException>(() =>
            new ScoringService.ScoringServiceClient(plain).ScoreAsync(new ScoreRequest { Event = Events.SignUp("24.0.0.3") }).ResponseAsync.DefaultTimeout());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task Refusal_IsCountedByReasonAndAsACallAndHasNoTime()
    {
        const string Timed = "grpc_server_handling_seconds_count{grpc_service=\"spamguard.v1.PolicyService\",grpc_method=\"Get\",grpc_type=\"unary\"}";
        const string Refused = "spamguard_calls_refused_total{reason=\"CERTIFICATE_MISSING\"}";
        const string Handled = "grpc_server_handled_total{grpc_service=\"spamguard.v1.PolicyService\",grpc_method=\"Get\",grpc_type=\"unary\",grpc_code=\"Unauthenticated\"}";
        var (refused, handled, timed) = (await server.MetricAsync(Refused), await server.MetricAsync(Handled), await server.MetricAsync(Timed));

        await Assert.ThrowsAsync<RpcException>(() => new PolicyService.PolicyServiceClient(server.With(null)).GetAsync(new PolicyServiceGetRequest()).ResponseAsync.DefaultTimeout());

        Assert.Equal(refused + 1, await server.MetricAsync(Refused));
        Assert.Equal(handled + 1, await server.MetricAsync(Handled));
        Assert.Equal(timed, await server.MetricAsync(Timed));
    }

    private TestCertificate? Certificate(string name, TestAuthority others)
    {
        var now = TimeProvider.System.GetUtcNow();
        var authority = server.Mounted.Authority;
        return name switch
        {
            "none" => null,
            "of another authority of the same name" => others.Client([Known]),
            "signed by itself" => SignedByItself(others.Folder),
            "expired" => authority.Client([Known], notAfter: now.AddMinutes(-1)),
            "not yet valid" => authority.Client([Known], notBefore: now.AddHours(1)),
            "for servers" => authority.Client([Known], usage: ServerAuthentication),
            "without a name" => authority.Client([]),
            "of an unknown URI" => authority.Client([CallerServerFixture.Uri("nobody")]),
            "of an unknown DNS name" => authority.Client(["nobody.example.org"]),
            "of a longer URI" => authority.Client([Known + "/more"]),
            "of two callers" => authority.Client([Known, CallerServerFixture.Uri("r2")]),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private static TestCertificate SignedByItself(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=self", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(Known));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        var (path, keyPath) = (Path.Combine(folder, "self.crt"), Path.Combine(folder, "self.key"));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return new TestCertificate(path, keyPath, certificate.SerialNumber);
    }
}
