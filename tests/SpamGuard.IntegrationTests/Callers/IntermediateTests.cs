using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Authorities that stand between a client and the one that is trusted: sent along by the client, or mounted beside it; and one that is none.</summary>
public sealed class IntermediateTests : IAsyncLifetime
{
    private const string NoAnswer = "no answer";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddHours(-1);
    private static readonly DateTimeOffset Until = TimeProvider.System.GetUtcNow().AddHours(1);

    private readonly CallerServerFixture _server = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private X509Certificate2? _root;

    private X509Certificate2 Root => _root ??= Authority("CN=root", _key, isAuthority: true).CreateSelfSigned(From, Until);

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _server.Mounted.Exchange("ca.crt", Root.ExportCertificatePem());
        await Poll.UntilAsync(() => Task.FromResult(_server.Logs.Logs.Any(log => log.Event.Name == "CallerFilesApplied"))).DefaultTimeout();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _root?.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task Client_OfAnAuthorityInBetween_IsJudgedByTheWholeChain()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var between = Authority("CN=between", key, isAuthority: true).Create(Root, From, Until, Serial());
        var (alone, sent) = (Client(between, key, sendsIssuer: false), Client(between, key, sendsIssuer: true));

        Assert.Equal("CERTIFICATE_UNTRUSTED", await ReasonAsync(alone));
        Assert.Null(await ReasonAsync(sent));

        _server.Mounted.Exchange("ca.crt", Root.ExportCertificatePem() + "\n" + between.ExportCertificatePem());
        await Poll.UntilAsync(async () => await ReasonAsync(alone) is null).DefaultTimeout();
    }

    [Fact]
    public async Task Client_OfADeniedAuthorityInBetween_IsDenied()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var between = Authority("CN=between", key, isAuthority: true).Create(Root, From, Until, Serial());
        var client = Client(between, key, sendsIssuer: true);
        Assert.Null(await ReasonAsync(client));

        _server.Mounted.Exchange("denied.txt", $"serial {between.SerialNumber}\n");

        await Poll.UntilAsync(async () => await ReasonAsync(client) is "CERTIFICATE_DENIED").DefaultTimeout();
    }

    [Fact]
    public async Task Client_OfAClientThatActsAsAnAuthority_IsNotTrusted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var between = Authority("CN=no authority", key, isAuthority: false).Create(Root, From, Until, Serial());

        Assert.Equal("CERTIFICATE_UNTRUSTED", await ReasonAsync(Client(between, key, sendsIssuer: true)));
    }

    [Theory]
    [InlineData(8, null)]
    [InlineData(9, NoAnswer)]
    public async Task Client_OfAChainOfAuthorities_MaySendEight(int authorities, string? refusal)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        List<X509Certificate2> between = [Authority("CN=0", key, isAuthority: true).Create(Root, From, Until, Serial())];
        while (between.Count < authorities)
        {
            using var issuer = between[0].CopyWithPrivateKey(key);
            between.Insert(0, Authority($"CN={between.Count}", key, isAuthority: true).Create(issuer, From, Until, Serial()));
        }

        Assert.Equal(refusal, await ReasonAsync(Client(between[0], key, [.. between])));
        between.ForEach(static one => one.Dispose());
    }

    private static byte[] Serial() => [0x40, .. RandomNumberGenerator.GetBytes(8)];

    private static CertificateRequest Authority(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request;
    }

    private TestCertificate Client(X509Certificate2 issuer, ECDsa issuerKey, bool sendsIssuer) => Client(issuer, issuerKey, sendsIssuer ? [issuer] : []);

    private TestCertificate Client(X509Certificate2 issuer, ECDsa issuerKey, IReadOnlyList<X509Certificate2> sent)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(CallerServerFixture.Uri("r1")));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));

        // By the key alone: of an issuer that is no authority the runtime would make nothing.
        using var certificate = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), From, Until, Serial());
        var path = Path.Combine(_server.Mounted.Authority.Folder, $"{Guid.NewGuid():N}.crt");
        File.WriteAllText(path, string.Join('\n', sent.Prepend(certificate).Select(static one => one.ExportCertificatePem())));
        File.WriteAllText(path + ".key", key.ExportPkcs8PrivateKeyPem());
        return new TestCertificate(path, path + ".key", certificate.SerialNumber);
    }

    private async Task<string?> ReasonAsync(TestCertificate certificate)
    {
        try
        {
            await new ScoringService.ScoringServiceClient(_server.With(certificate)).ScoreAsync(new ScoreRequest { Event = Events.SignUp("29.0.0.1") }).ResponseAsync.DefaultTimeout();
            return null;
        }
        catch (RpcException e)
        {
            return e.GetRpcStatus() is null ? NoAnswer : e.Info().Reason; // without an answer of ours the handshake broke
        }
    }
}
