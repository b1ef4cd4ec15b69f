using SpamGuard.Server.Callers.Peers;
using SpamGuard.Server.Grpc;
using SpamGuard.Server.Http;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Callers;

/// <summary>
/// Stands before every method: who calls, whether that one may, and whether the quota has anything left. All of it before anything of the body is
/// read, and before it is told whether the method is there at all: so whoever may not call it learns nothing of what exists.
/// </summary>
internal sealed class CallGate(CallerMetrics metrics, GrpcServerMetrics calls, OpenStreams streams)
{
    /// <summary>Puts the gate behind the routing, and before whatever answers by it.</summary>
    public static void Use(WebApplication app)
    {
        var gate = ActivatorUtilities.CreateInstance<CallGate>(app.Services);
        app.Use(next => context => context.Features.Get<ServedOn>() is { Listener: Listener.Grpc or Listener.Http } tag
            ? gate.PassAsync(context, isJson: tag.Listener is Listener.Http, next)
            : next(context));
    }

    private Task PassAsync(HttpContext context, bool isJson, RequestDelegate next)
    {
        var mapped = context.GetEndpoint()?.Metadata.GetMetadata<GatedMethod>() is { } found && found.IsJson == isJson ? found : null;
        var method = mapped ?? GatedMethod.Of(context.Request.Path.Value ?? string.Empty, isJson);

        // A connection without a peer is one of a listener that takes no calls: a fault of ours would end here.
        var peer = context.Features.Get<Peer>();
        var admission = peer?.Admit(context.Request.Headers) ?? Admission.Refused(Refusal.CertificateMissing);
        if (!admission.IsGranted(out var caller))
        {
            return RefuseAsync(context, method, admission.Refusal, CallerErrors.Of(admission.Refusal));
        }

        if (mapped is null && ReferenceEquals(caller, Caller.Development))
        {
            return next(context); // where callers are not told apart, what is not there is not found
        }

        if (!caller.HasOneOf(method.Roles))
        {
            return RefuseAsync(context, method, Refusal.RoleMissing, CallerErrors.RoleMissing(method.Path, method.Roles));
        }

        if (method.Quota is { } quota && !caller.Quotas.TryTake(quota, 1, out var exceeded, out var wait))
        {
            return RefuseAsync(context, method, Refusal.QuotaExceeded, CallerErrors.QuotaExceeded(caller, quota, exceeded!, wait));
        }

        context.Features.Set(admission);
        return method.IsStream ? streams.ServeAsync(context, peer!, method, next) : next(context);
    }

    private Task RefuseAsync(HttpContext context, GatedMethod method, Refusal refusal, Google.Rpc.Status status)
    {
        metrics.Refused(refusal);
        calls.Refused(method.Path, (global::Grpc.Core.StatusCode)status.Code);
        return AuthzEndpoint.IsAsked(context) ? AuthzEndpoint.WriteAsync(context, status)
            : method.IsJson ? JsonErrors.WriteAsync(context, status)
            : GrpcRefusal.WriteAsync(context.Response, status);
    }
}
