using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Makes the certificates that an overlay asks cert-manager for: with the names, for the uses and by the authorities that stand there.</summary>
internal sealed class CertManager : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private readonly Dictionary<string, TestAuthority> _authorities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TestCertificate> _certificates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TestAuthority> _signers = new(StringComparer.Ordinal);

    public CertManager(Overlay overlay)
    {
        var issuers = overlay.All<IssuerManifest>().ToDictionary(static issuer => issuer.Metadata.Name, static issuer => issuer.Spec, StringComparer.Ordinal);
        foreach (var authority in overlay.All<CertificateManifest>().Where(static one => one.Spec.IsCA))
        {
            Assert.NotNull(issuers[authority.Spec.IssuerRef.Name].SelfSigned);
            _authorities.Add(authority.Spec.SecretName, new TestAuthority(authority.Spec.CommonName!));
        }

        foreach (var certificate in overlay.All<CertificateManifest>().Select(static one => one.Spec).Where(static one => !one.IsCA))
        {
            var signer = _authorities[issuers[certificate.IssuerRef.Name].Ca!.SecretName];
            var usage = Assert.Single(certificate.Usages, static usage => usage.EndsWith(" auth", StringComparison.Ordinal));
            _signers.Add(certificate.SecretName, signer);
            _certificates.Add(certificate.SecretName, signer.Client([.. certificate.DnsNames, .. certificate.Uris], usage: usage == "server auth" ? ServerAuth : ClientAuth));
        }
    }

    /// <summary>A server's certificate of an authority, for a name.</summary>
    public TestCertificate Server(string authority, string name) => _authorities[authority].Client([name], usage: ServerAuth);

    /// <summary>A client's certificate of an authority, for a name.</summary>
    public TestCertificate Client(string authority, string name) => _authorities[authority].Client([name]);

    /// <summary>The certificate of a Secret.</summary>
    public TestCertificate Certificate(string secret) => _certificates[secret];

    /// <summary>The file with the certificate of the authority that is in a Secret, or signed what is.</summary>
    public string CaPath(string secret) => (_signers.GetValueOrDefault(secret) ?? _authorities[secret]).CaPath;

    /// <summary>What is in a Secret that cert-manager makes; null where it makes none of the name.</summary>
    public IReadOnlyDictionary<string, byte[]>? Secret(string name)
    {
        if (_certificates.GetValueOrDefault(name) is { } certificate)
        {
            return new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                ["ca.crt"] = File.ReadAllBytes(CaPath(name)),
                ["tls.crt"] = File.ReadAllBytes(certificate.CertificatePath),
                ["tls.key"] = File.ReadAllBytes(certificate.KeyPath),
            };
        }

        return _authorities.ContainsKey(name) ? new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["ca.crt"] = File.ReadAllBytes(CaPath(name)) } : null;
    }

    public void Dispose()
    {
        foreach (var authority in _authorities.Values)
        {
            authority.Dispose();
        }
    }

}
