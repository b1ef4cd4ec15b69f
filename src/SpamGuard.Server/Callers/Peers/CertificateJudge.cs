using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SpamGuard.Server.Callers.Files;

namespace SpamGuard.Server.Callers.Peers;

/// <summary>Judges client certificates by the authorities and the deny list in force. Nothing is fetched from anywhere, and the machine's own authorities count for nothing.</summary>
internal static class CertificateJudge
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Judges what a client showed.</summary>
    public static Judgement Judge(PresentedCertificate? presented, CallerSettings settings, DateTimeOffset now)
    {
        if (presented is null)
        {
            return Judgement.Refused(Refusal.CertificateMissing);
        }

        if (settings.Tls is not { } tls)
        {
            return Judgement.Refused(Refusal.CertificateUntrusted);
        }

        using var certificate = X509CertificateLoader.LoadCertificate(presented.Certificate.Span);
        using var chain = new X509Chain();
        X509Certificate2Collection sent = [.. presented.Intermediates.Select(static one => X509CertificateLoader.LoadCertificate(one))];
        try
        {
            chain.ChainPolicy = Policy(now);
            chain.ChainPolicy.CustomTrustStore.AddRange(tls.Roots);
            chain.ChainPolicy.ExtraStore.AddRange(tls.Intermediates);
            chain.ChainPolicy.ExtraStore.AddRange(sent);
            chain.Build(certificate);
            return Judge(presented, certificate, chain, settings, now);
        }
        finally
        {
            foreach (var one in sent.Concat(chain.ChainElements.Select(static element => element.Certificate)))
            {
                one.Dispose();
            }
        }
    }

    private static Judgement Judge(PresentedCertificate presented, X509Certificate2 certificate, X509Chain chain, CallerSettings settings, DateTimeOffset now)
    {
        // Trust first: of a certificate that nobody vouches for, not even the dates are worth a word.
        var problems = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        const X509ChainStatusFlags Told = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotValidForUsage;
        if ((problems & ~Told) != X509ChainStatusFlags.NoError)
        {
            return Judgement.Refused(Refusal.CertificateUntrusted);
        }

        var (from, until) = (chain.ChainElements.Max(static one => Begin(one.Certificate)), chain.ChainElements.Min(static one => End(one.Certificate)));
        if (now < Begin(certificate))
        {
            return new(Admission.Refused(Refusal.CertificateNotYetValid), DateTimeOffset.MinValue, Begin(certificate));
        }

        if (now >= End(certificate))
        {
            return new(Admission.Refused(Refusal.CertificateExpired), End(certificate), DateTimeOffset.MaxValue);
        }

        if (problems.HasFlag(X509ChainStatusFlags.NotTimeValid) || now < from || now >= until)
        {
            // An authority's certificate is over or has not begun. That is looked at again a second later: to build a chain costs more than a call.
            return new(Admission.Refused(Refusal.CertificateUntrusted), now, now.AddSeconds(1));
        }

        return problems != X509ChainStatusFlags.NoError
            ? Judgement.Refused(Refusal.CertificateNotForClients)
            : new(Admit(presented, chain, settings), from, until);
    }

    // The serial of each certificate of the chain: a stolen authority in between is denied with all that it ever signed.
    private static Admission Admit(PresentedCertificate presented, X509Chain chain, CallerSettings settings) =>
        chain.ChainElements.Any(one => settings.Denied.Has(DenyList.Serial(one.Certificate.SerialNumber))) ? Admission.Refused(Refusal.CertificateDenied)
        : presented.Identities.IsEmpty ? Admission.Refused(Refusal.CertificateWithoutIdentity)
        : settings.Admit(presented.Identities).With(Convert.ToHexStringLower(SHA256.HashData(chain.ChainElements[0].Certificate.PublicKey.ExportSubjectPublicKeyInfo())));

    private static X509ChainPolicy Policy(DateTimeOffset now) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck, // the deny list is ours to keep
        DisableCertificateDownloads = true,
        VerificationTime = now.UtcDateTime,
        ApplicationPolicy = { new Oid(ClientAuthentication) },
    };

    private static DateTimeOffset Begin(X509Certificate2 certificate) => new(certificate.NotBefore);

    // The second that a certificate names as its last is still one of its life; 9999-12-31T23:59:59Z means that there is no last one (RFC 5280, 4.1.2.5).
    private static DateTimeOffset End(X509Certificate2 certificate) =>
        certificate.NotAfter.ToUniversalTime() is var last && last < DateTime.MaxValue.AddSeconds(-1) ? new DateTimeOffset(last).AddSeconds(1) : DateTimeOffset.MaxValue;
}
