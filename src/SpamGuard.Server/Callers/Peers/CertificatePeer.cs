using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Server.Callers.Peers;

/// <summary>A client with a certificate, or without. The handshake takes any, so that a refused caller reads an error and not that a connection broke.</summary>
internal sealed class CertificatePeer(LiveCallers live, TimeProvider time) : Peer
{
    // More than anybody's authorities need: with each judgement all of them are read and tried. OpenSSL alone takes 100 kB of them, some hundreds.
    private const int MostIntermediates = 8;

    private PresentedCertificate? _presented;
    private volatile Judged? _judged;

    /// <summary>What the client showed in the handshake, which goes on whatever it is, unless it is too much: nothing is served before <see cref="Admit"/>.</summary>
    public bool Present(X509Certificate2? certificate, X509Chain? chain)
    {
        if (chain?.ChainPolicy.ExtraStore.Count > MostIntermediates)
        {
            return false;
        }

        _presented = certificate is null ? null : PresentedCertificate.Of(certificate, chain);
        return true;
    }

    /// <inheritdoc/>
    public override Admission Admit(IHeaderDictionary headers)
    {
        var (settings, now, judged) = (live.Current, time.GetUtcNow(), _judged);
        if (judged is null || !ReferenceEquals(judged.Settings, settings) || now < judged.Judgement.From || now >= judged.Judgement.Until)
        {
            _judged = judged = new Judged(settings, CertificateJudge.Judge(_presented, settings, now));
        }

        return judged.Judgement.Admission;
    }

    private sealed record Judged(CallerSettings Settings, Judgement Judgement);
}
