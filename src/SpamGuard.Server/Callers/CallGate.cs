using Grpc.AspNetCore.Server;
using SpamGuard.Server.Callers.Peers;
using SpamGuard.Server.Grpc;
using SpamGuard.Server.Http;

namespace SpamGuard.Server.Callers;

/// <summary>
/// Stands before every method: who calls, whether that one may, and whether the quota has anything left. All of it before anything of the body is
/// read, and so before any answer that tells whether something exists.
/// </summary>
internal sealed class CallGate(CallerMetrics metrics, GrpcServerMetrics calls)
{
    /// <summary>Puts the gate behind the routing.</summary>
    public static void Use(WebApplication app)
    {
        var gate = ActivatorUtilities.CreateInstance<CallGate>(app.Services);
        app.Use(next => context =>
        {
            if (context.GetEndpoint()?.Metadata is not { } endpoint)
            {
                return next(context);
            }

            // A method that was mapped without its place behind the gate is served to nobody.
            return endpoint.GetMetadata<GatedMethod>() is { } method ? gate.PassAsync(context, method, next)
                : endpoint.GetMetadata<GrpcMethodMetadata>() is null ? next(context)
                : throw new InvalidOperationException("A method stands before the gate.");
        });
    }

    private Task PassAsync(HttpContext context, GatedMethod method, RequestDelegate next)
    {
        // A connection without a peer is one of a listener that takes no calls, where no method is served: a fault of ours would end here.
        var admission = context.Features.Get<Peer>()?.Admit(context.Request.Headers) ?? Admission.Refused(Refusal.CertificateMissing);
        if (!admission.IsGranted(out var caller))
        {
            return RefuseAsync(context, method, admission.Refusal, CallerErrors.Of(admission.Refusal));
        }

        if (!caller.HasOneOf(method.Roles))
        {
            return RefuseAsync(context, method, Refusal.RoleMissing, CallerErrors.RoleMissing(method.Path, method.Roles));
        }

        if (method.Quota is { } quota && !caller.Quotas.TryTake(quota, 1, out var exceeded, out var wait))
        {
            return RefuseAsync(context, method, Refusal.QuotaExceeded, CallerErrors.QuotaExceeded(caller, quota, exceeded!, wait));
        }

        context.Features.Set(caller);
        return next(context);
    }

    private Task RefuseAsync(HttpContext context, GatedMethod method, Refusal refusal, Google.Rpc.Status status)
    {
        metrics.Refused(refusal);
        calls.Refused(method.Path, (global::Grpc.Core.StatusCode)status.Code);
        return method.IsJson ? JsonErrors.WriteAsync(context, status) : GrpcRefusal.WriteAsync(context.Response, status);
    }
}
