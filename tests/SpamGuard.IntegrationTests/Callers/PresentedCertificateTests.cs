using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SpamGuard.Server.Callers.Peers;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Subject alternative names as whoever writes them in a certificate may spell them: each is taken for what it says it is, or for nothing.</summary>
public sealed class PresentedCertificateTests
{
    private const int Mail = 1;
    private const int Dns = 2;
    private const int Uri = 6;

    [Theory]
    [InlineData(Uri, "spiffe://example.org/Web", "spiffe://example.org/Web")]
    [InlineData(Uri, "SPIFFE://Example.ORG/Web", "spiffe://example.org/Web")]
    [InlineData(Uri, "spiffe://example.org", "spiffe://example.org")]
    [InlineData(Dns, "Web.Example.org", "web.example.org")]
    [InlineData(Dns, "web.example.org.", "web.example.org")]
    [InlineData(Dns, "web-1", "web-1")]
    [InlineData(Uri, "web.example.org", null)]
    [InlineData(Uri, "web:example.org", null)]
    [InlineData(Uri, "urn:web://example.org", null)]
    [InlineData(Uri, "://example.org", null)]
    [InlineData(Uri, "spiffe:///web", null)]
    [InlineData(Uri, "spiffe://web@example.org/", null)]
    [InlineData(Uri, "spiffe://example.org/*", null)]
    [InlineData(Uri, "spiffe://example.org/a b", null)]
    [InlineData(Dns, "spiffe://example.org/web", null)]
    [InlineData(Dns, "*.example.org", null)]
    [InlineData(Dns, "web_1.example.org", null)]
    [InlineData(Dns, "web.example.org..", null)]
    [InlineData(Dns, " web.example.org", null)]
    [InlineData(Dns, "192.0.2.1", null)]
    [InlineData(Dns, ".", null)]
    [InlineData(Dns, "", null)]
    [InlineData(Mail, "web.example.org", null)]
    public void Identities_OfOneName_AreWhatItSaysItIsOrNone(int tag, string name, string? identity) =>
        Assert.Equal<string>(identity is null ? [] : [identity], Presented((tag, name)).Identities);

    [Fact]
    public void Identities_OfSeveralNames_AreThoseThatAreSome() => Assert.Equal<string>(
        ["spiffe://example.org/web", "web.example.org"],
        Presented((Dns, "spiffe://example.org/desk"), (Uri, "spiffe://example.org/web"), (Mail, "web@example.org"), (Dns, "*.example.org"), (Dns, "web.example.org")).Identities);

    private static PresentedCertificate Presented(params (int Tag, string Name)[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (tag, name) in names)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, tag));
            }
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=web", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", writer.Encode(), critical: false));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        return PresentedCertificate.Of(certificate, chain: null);
    }
}
