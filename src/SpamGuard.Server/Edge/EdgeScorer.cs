using Google.Rpc;
using Grpc.Core;
using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Grpc;
using SpamGuard.Server.Tracing;

namespace SpamGuard.Server.Edge;

/// <summary>Scores a request that a proxy asks about: as <c>Score</c> does, by kind and address alone.</summary>
internal sealed class EdgeScorer(SpamScorer scorer, CallerChecks checks)
{
    /// <summary>Counts the event and judges it. It has no request id: what a proxy has for one, its client may have chosen, and would count once however often it comes.</summary>
    /// <exception cref="RpcException">There is no assessment.</exception>
    public async Task<Assessment> ScoreAsync(EventKind kind, ClientAddress address, Caller caller, CancellationToken cancellationToken)
    {
        checks.ThrowUnlessFor(caller, kind);
        CallTrace.About(kind);
        var outcome = await scorer.ScoreAsync(new SpamEvent(kind, address, default, default), caller.Name, requestId: null, cancellationToken);
        CallTrace.Judged(outcome);
        return outcome.Assessment ?? throw Errors.Of(outcome.Failure).ToRpcException();
    }

    /// <summary>Reads what kind of event a request is.</summary>
    /// <param name="field">Where it stands.</param>
    /// <param name="text">What stands there; <c>null</c> for nothing.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>What is wrong with it; <c>null</c> where nothing is.</returns>
    public static BadRequest.Types.FieldViolation? Fault(string field, string? text, out EventKind kind) =>
        EventKinds.TryParse(text, out kind) ? null : string.IsNullOrEmpty(text)
            ? Violations.Of(field, "KIND_REQUIRED", "Set kind to sign_up or message.")
            : Violations.Of(field, "KIND_UNKNOWN", "Set kind to sign_up or message: this server knows no other.");
}
