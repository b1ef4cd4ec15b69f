using Grpc.Core;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Server.Callers;

/// <summary>Tells a method who calls it.</summary>
internal static class CallerExtensions
{
    /// <summary>Who makes this call, as <see cref="CallGate"/> let it in.</summary>
    /// <exception cref="InvalidOperationException">The call did not come through the gate: a fault of ours, and no call is served by it.</exception>
    public static Caller Caller(this ServerCallContext context) =>
        context.Admission().Caller!;

    /// <summary>The same as the ledger enters it.</summary>
    public static LedgerActor Actor(this ServerCallContext context)
    {
        var admission = context.Admission();
        return new LedgerActor(admission.Caller!.Name, admission.Identity, admission.Key);
    }

    private static Admission Admission(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Admission>() ?? throw new InvalidOperationException("A call came around the gate.");
}
