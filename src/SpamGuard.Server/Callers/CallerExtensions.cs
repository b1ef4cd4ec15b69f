using Grpc.Core;

namespace SpamGuard.Server.Callers;

/// <summary>Tells a method who calls it.</summary>
internal static class CallerExtensions
{
    /// <summary>Who makes this call.</summary>
    public static Caller Caller(this ServerCallContext context) => Callers.Caller.Development;
}
