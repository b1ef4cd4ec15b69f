using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using SpamGuard.Policies;
using SpamGuard.Server.Callers;

namespace SpamGuard.Server.Grpc;

/// <summary>What a caller is told who is refused for who it is. No text holds a name of somebody else, nor one that was sent.</summary>
internal static class CallerErrors
{
    /// <summary>UNAUTHENTICATED or PERMISSION_DENIED for somebody who is not known or not admitted.</summary>
    public static Google.Rpc.Status Of(Refusal refusal) => refusal switch
    {
        Refusal.CertificateMissing => Unauthenticated(refusal, "This listener needs a client certificate, and the connection has none."),
        Refusal.CertificateUntrusted => Unauthenticated(refusal, "The client certificate is of no authority that this service trusts."),
        Refusal.CertificateNotForClients => Unauthenticated(refusal, "The certificate is not for client authentication: its extended key usage says otherwise."),
        Refusal.CertificateExpired => Unauthenticated(refusal, "The client certificate has expired."),
        Refusal.CertificateNotYetValid => Unauthenticated(refusal, "The client certificate is not valid yet."),
        Refusal.CertificateWithoutIdentity => Unauthenticated(refusal, "The client certificate names nobody: it needs a URI or a DNS name as subject alternative name."),
        Refusal.CertificateDenied => Unauthenticated(refusal, "The client certificate is on the deny list of this service."),
        Refusal.ForwardedIdentityMissing => Unauthenticated(refusal, "The sidecar names no client: x-forwarded-client-cert is missing, can't be read or has no URI and no DNS name."),
        Refusal.CallerUnknown => Denied(refusal, "No caller of this name is configured."),
        Refusal.CallerAmbiguous => Denied(refusal, "The client certificate has the names of several callers; it needs those of one."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, message: null),
    };

    /// <summary>PERMISSION_DENIED for a caller without a role that may call the method. A path that is no method's is not said again: a caller may have written anything there.</summary>
    public static Google.Rpc.Status RoleMissing(string method, CallerRoles roles)
    {
        if (roles == CallerRoles.None)
        {
            return Denied(Refusal.RoleMissing, "No method of this path may be called by anybody.");
        }

        var names = string.Join(", ", CallerRoleNames.Of(roles));
        var info = Errors.Info(Refusal.RoleMissing.Reason());
        info.Metadata.Add("method", method);
        info.Metadata.Add("roles", names);
        return Errors.Status(Code.PermissionDenied, $"The caller may not call {method}. Roles that may: {names}.", info);
    }

    /// <summary>PERMISSION_DENIED for a kind of events that the caller may not ask for.</summary>
    /// <param name="field">Where the kind stands.</param>
    /// <param name="allowed">What the caller may ask for.</param>
    public static Google.Rpc.Status PurposeNotAllowed(string field, IEnumerable<EventKind> allowed)
    {
        var kinds = string.Join(", ", allowed.Select(static kind => kind.Name()));
        var reason = Refusal.PurposeNotAllowed.Reason();
        var info = Errors.Info(reason);
        info.Metadata.Add("purposes", kinds);
        return Errors.Status(
            Code.PermissionDenied,
            $"The caller may not ask for events of this kind: {field}. Its purposes: {kinds}.",
            info,
            Errors.Detail([Violations.Of(field, reason, $"Ask for events of the kinds {kinds} only.")]));
    }

    /// <summary>RESOURCE_EXHAUSTED for a caller that asks for more than its quota.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="quotaClass">Which quota.</param>
    /// <param name="quota">How large it is.</param>
    /// <param name="wait">When to ask again; <c>null</c> where the same call never fits.</param>
    public static Google.Rpc.Status QuotaExceeded(Caller caller, QuotaClass quotaClass, Quota quota, TimeSpan? wait)
    {
        var name = quotaClass.ToString().ToLowerInvariant();
        var info = Errors.Info(Refusal.QuotaExceeded.Reason());
        info.Metadata.Add("quota", name);
        var failure = new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = $"caller:{caller.Name}/{name}", Description = quota.Describe() } } };
        return wait is { } delay
            ? Errors.Status(
                Code.ResourceExhausted, $"The caller's quota {name} is used up: {quota.Describe()}.", info, failure, new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) })
            : Errors.Status(
                Code.ResourceExhausted,
                string.Create(CultureInfo.InvariantCulture, $"The batch is larger than the caller's quota {name} ever has: {quota.Describe()}. Send batches of {quota.Burst} or less."),
                info,
                failure);
    }

    private static Google.Rpc.Status Unauthenticated(Refusal refusal, string message) => Errors.Status(Code.Unauthenticated, message, Errors.Info(refusal.Reason()));

    private static Google.Rpc.Status Denied(Refusal refusal, string message) => Errors.Status(Code.PermissionDenied, message, Errors.Info(refusal.Reason()));
}
