using Grpc.Core;
using SpamGuard.Policies;
using SpamGuard.Server.Grpc;
using Wire = SpamGuard.V1;

namespace SpamGuard.Server.Callers;

/// <summary>What of a caller can only be checked once its request is read: what it asks for, and how much.</summary>
internal sealed class CallerChecks(CallerMetrics metrics)
{
    /// <summary>Fails unless the caller may ask for such events.</summary>
    public void ThrowUnlessFor(Caller caller, EventKind kind)
    {
        if (Fault(caller, kind, string.Empty) is { } fault)
        {
            throw fault.ToRpcException();
        }
    }

    /// <summary>Fails unless the caller may ask for such events. A kind that can't be read is left to whoever reads it.</summary>
    public void ThrowUnlessFor(Caller caller, Wire.Event? source)
    {
        if (Fault(caller, source, string.Empty) is { } fault)
        {
            throw fault.ToRpcException();
        }
    }

    /// <summary>Why the caller may not ask for such events; <c>null</c> where it may.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="source">The event.</param>
    /// <param name="path">Where its fields are in the message: empty, or as in <c>requests[3].</c> for an event of a batch.</param>
    public Google.Rpc.Status? Fault(Caller caller, Wire.Event? source, string path) => source?.Kind switch
    {
        Wire.EventKind.SignUp => Fault(caller, EventKind.SignUp, path),
        Wire.EventKind.Message => Fault(caller, EventKind.Message, path),
        _ => null,
    };

    /// <summary>Takes the events of a batch from the caller's quota, or fails and takes nothing. The gate has taken the first.</summary>
    public void Take(Caller caller, int events)
    {
        if (!caller.Quotas.TryTakeRest(QuotaClass.Score, events, out var exceeded, out var wait))
        {
            metrics.Refused(Refusal.QuotaExceeded);
            throw CallerErrors.QuotaExceeded(caller, QuotaClass.Score, exceeded!, wait).ToRpcException();
        }
    }

    private Google.Rpc.Status? Fault(Caller caller, EventKind kind, string path)
    {
        if (caller.Purposes.Contains(kind))
        {
            return null;
        }

        metrics.Refused(Refusal.PurposeNotAllowed);
        return CallerErrors.PurposeNotAllowed(path + "event.kind", caller.Purposes);
    }
}
