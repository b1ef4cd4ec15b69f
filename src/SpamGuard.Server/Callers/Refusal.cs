using System.Text.Json;

namespace SpamGuard.Server.Callers;

/// <summary>Why a call is refused for who makes it. The names in upper snake case are reasons of <c>google.rpc.ErrorInfo</c>: a contract.</summary>
internal enum Refusal
{
    /// <summary>The connection has no client certificate.</summary>
    CertificateMissing,

    /// <summary>The certificate leads to no authority of <c>Tls:ClientCaPath</c>.</summary>
    CertificateUntrusted,

    /// <summary>It is for something else than a client.</summary>
    CertificateNotForClients,

    /// <summary>It is over.</summary>
    CertificateExpired,

    /// <summary>It has not begun.</summary>
    CertificateNotYetValid,

    /// <summary>It has no URI and no DNS name among its subject alternative names.</summary>
    CertificateWithoutIdentity,

    /// <summary>Its serial number or one of its names is in the file of <c>Callers:DeniedPath</c>.</summary>
    CertificateDenied,

    /// <summary>The sidecar names nobody: no <c>x-forwarded-client-cert</c>, or one that can't be read.</summary>
    ForwardedIdentityMissing,

    /// <summary>Nobody of that name is configured.</summary>
    CallerUnknown,

    /// <summary>The names are those of several callers.</summary>
    CallerAmbiguous,

    /// <summary>The caller has none of the roles that the method needs.</summary>
    RoleMissing,

    /// <summary>The caller may not ask for this kind of events.</summary>
    PurposeNotAllowed,

    /// <summary>The caller asks for more than its quota.</summary>
    QuotaExceeded,
}

/// <summary>How refusals are written.</summary>
internal static class Refusals
{
    /// <summary>All of them, in the order of their values.</summary>
    public static IReadOnlyList<Refusal> All { get; } = Enum.GetValues<Refusal>();

    private static readonly string[] Reasons = [.. All.Select(static one => JsonNamingPolicy.SnakeCaseUpper.ConvertName(one.ToString()))];

    /// <summary>For example <c>CERTIFICATE_MISSING</c>.</summary>
    public static string Reason(this Refusal refusal) => Reasons[(int)refusal];
}
