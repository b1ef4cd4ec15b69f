using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Server.Callers.Files;

/// <summary>What the handshake needs: our certificate with its key, and the authorities that vouch for clients.</summary>
/// <param name="Server">Our certificate and what stands between it and its authority.</param>
/// <param name="Roots">Authorities that sign themselves.</param>
/// <param name="Intermediates">Authorities in between, where their certificates do not come with the clients'.</param>
internal sealed record TlsMaterial(SslStreamCertificateContext Server, X509Certificate2Collection Roots, X509Certificate2Collection Intermediates)
{
    /// <summary>When our certificate is over.</summary>
    public DateTimeOffset Expires => new(Server.TargetCertificate.NotAfter);
}
