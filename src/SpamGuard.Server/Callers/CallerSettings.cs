using System.Collections.Immutable;
using SpamGuard.Server.Callers.Files;

namespace SpamGuard.Server.Callers;

/// <summary>All that tells callers apart, as it is in force at one time.</summary>
/// <param name="Callers">Who there is.</param>
/// <param name="Denied">Who is refused all the same.</param>
/// <param name="Tls">Certificates; <c>null</c> where none are configured.</param>
internal sealed record CallerSettings(CallerDirectory Callers, DenyList Denied, TlsMaterial? Tls)
{
    /// <summary>Who has some names that have been proved.</summary>
    public Admission Admit(ImmutableArray<string> identities) =>
        Denied.HasAnyOf(identities) ? Admission.Refused(Refusal.CertificateDenied) : Callers.Find(identities);
}
