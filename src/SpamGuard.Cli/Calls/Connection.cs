using Grpc.Core;

namespace SpamGuard.Cli.Calls;

/// <summary>A server, ready to be called.</summary>
/// <param name="Calls">Makes the calls.</param>
/// <param name="Server">Where it is.</param>
/// <param name="Patience">How long to wait for an answer.</param>
internal sealed record Connection(CallInvoker Calls, Uri Server, TimeSpan Patience)
{
    /// <summary>The options of one call that begins now.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public CallOptions Options(CancellationToken cancellationToken) =>
        new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellationToken);
}
