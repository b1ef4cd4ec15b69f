using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SpamGuard.Server.Callers.Peers;

/// <summary>The handshake: our certificate as it is now, and whatever the client shows, which <see cref="CertificateJudge"/> judges afterwards.</summary>
internal static class Handshake
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Asks each new connection for a certificate and hands it to the connection's <see cref="CertificatePeer"/>.</summary>
    /// <param name="live">Tells what is in force; not asked before the first connection, for by then the start is checked.</param>
    public static TlsHandshakeCallbackOptions Options(Func<LiveCallers> live) => new()
    {
        HandshakeTimeout = Longest,
        OnConnection = context => new(Options(live().Current, context.Connection)),
    };

    private static SslServerAuthenticationOptions Options(CallerSettings settings, BaseConnectionContext connection)
    {
        var peer = (CertificatePeer)connection.Features.Get<Peer>()!;
        return new()
        {
            ServerCertificateContext = settings.Tls!.Server,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = true,

            // A session that is taken up again would show no certificate, and be judged by an old one.
            AllowTlsResume = false,

            // The runtime builds a chain before it asks us: that must fetch nothing that a stranger's certificate names.
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
            },
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => peer.Present(certificate as X509Certificate2, chain),
        };
    }
}
