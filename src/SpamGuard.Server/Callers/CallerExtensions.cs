using Grpc.Core;

namespace SpamGuard.Server.Callers;

/// <summary>Tells a method who calls it.</summary>
internal static class CallerExtensions
{
    /// <summary>Who makes this call, as <see cref="CallGate"/> let it in.</summary>
    /// <exception cref="InvalidOperationException">The call did not come through the gate: a fault of ours, and no call is served by it.</exception>
    public static Caller Caller(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<Caller>() ?? throw new InvalidOperationException("A call came around the gate.");
}
