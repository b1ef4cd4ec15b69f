using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Testing;

/// <summary>A certificate authority of one test run: what it makes is of no worth outside of it. Files are PEM, as an operator mounts them.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-ca-");
    private readonly X509Certificate2 _root;

    public TestAuthority(string name = "test-ca")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-10), TimeProvider.System.GetUtcNow().AddDays(100));
        CaPath = Path.Combine(_folder.FullName, "ca.crt");
        File.WriteAllText(CaPath, _root.ExportCertificatePem());
    }

    /// <summary>A folder that is gone with the authority.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The authority's own certificate.</summary>
    public string CaPath { get; }

    /// <summary>A server's certificate for localhost and loopback, for ninety days: one that ends soon is a fault that is told.</summary>
    public TestCertificate Server(string file = "server") => Issue(
        file,
        ServerAuth,
        names =>
        {
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        },
        notAfter: TimeProvider.System.GetUtcNow().AddDays(90));

    /// <summary>A client's certificate. A name with a scheme is a URI such as spiffe://..., another one a DNS name; none gives no SAN at all.</summary>
    /// <param name="names">The subject alternative names.</param>
    /// <param name="file">How its files are named.</param>
    /// <param name="notBefore">From when it is good; an hour ago by default.</param>
    /// <param name="notAfter">Until when; a day from now by default.</param>
    /// <param name="usage">What it is for; a client by default.</param>
    /// <param name="keyOf">A certificate whose key it has too; a new key by default.</param>
    public TestCertificate Client(
        IReadOnlyList<string> names,
        string? file = null,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? notAfter = null,
        string usage = ClientAuth,
        TestCertificate? keyOf = null) =>
        Issue(
            file ?? $"client-{Guid.NewGuid():N}",
            usage,
            builder =>
            {
                foreach (var name in names)
                {
                    if (name.Contains("://", StringComparison.Ordinal))
                    {
                        builder.AddUri(new Uri(name));
                    }
                    else
                    {
                        builder.AddDnsName(name);
                    }
                }
            },
            notBefore,
            notAfter,
            withNames: names.Count > 0,
            keyOf);

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private TestCertificate Issue(
        string file,
        string usage,
        Action<SubjectAlternativeNameBuilder> name,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? notAfter = null,
        bool withNames = true,
        TestCertificate? keyOf = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (keyOf is not null)
        {
            key.ImportFromPem(File.ReadAllText(keyOf.KeyPath));
        }

        var request = new CertificateRequest($"CN={file}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (withNames)
        {
            var names = new SubjectAlternativeNameBuilder();
            name(names);
            request.CertificateExtensions.Add(names.Build());
        }

        var serial = RandomNumberGenerator.GetBytes(12);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40); // a positive number without leading zeros
        // By the key alone: the runtime makes nothing that outlives its issuer.
        using var authority = _root.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            _root.SubjectName, X509SignatureGenerator.CreateForECDsa(authority), notBefore ?? TimeProvider.System.GetUtcNow().AddHours(-1), notAfter ?? TimeProvider.System.GetUtcNow().AddDays(1), serial);
        var (certificatePath, keyPath) = (Path.Combine(Folder, $"{file}.crt"), Path.Combine(Folder, $"{file}.key"));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return new TestCertificate(certificatePath, keyPath, Convert.ToHexString(serial));
    }
}

/// <summary>A certificate and its key, as files.</summary>
/// <param name="CertificatePath">PEM.</param>
/// <param name="KeyPath">PKCS#8 in PEM, without a password.</param>
/// <param name="Serial">Hex digits, upper case.</param>
public sealed record TestCertificate(string CertificatePath, string KeyPath, string Serial)
{
    /// <summary>With its private key, for a client.</summary>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
}
