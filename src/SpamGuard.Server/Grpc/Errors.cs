using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Desk;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Overrides;
using SpamGuard.Feedback;
using SpamGuard.Scoring;
using SpamGuard.Storage;

namespace SpamGuard.Server.Grpc;

/// <summary>The one place where a failure becomes a <c>google.rpc.Status</c>. No text of it holds an address, an input or an exception.</summary>
internal static class Errors
{
    /// <summary>The domain of every ErrorInfo.</summary>
    public const string Domain = "spamguard";

    // Long enough for the store's circuit breaker to try again, short enough for a sign-up form to wait.
    private static readonly Duration StoreRetryDelay = new() { Seconds = 2 };

    /// <summary>INVALID_ARGUMENT for fields that can't be taken, all at once.</summary>
    public static Google.Rpc.Status BadRequest(IReadOnlyList<BadRequest.Types.FieldViolation> violations)
    {
        var fields = string.Join(", ", violations.Select(static violation => violation.Field));
        var info = Info(ErrorReasons.InvalidRequest);
        info.Metadata.Add("fields", fields);
        return Status(Code.InvalidArgument, $"The request can't be taken: see the field violations of {fields}.", info, Detail(violations));
    }

    /// <summary>What became of an event that has no assessment.</summary>
    /// <param name="failure">Why it has none.</param>
    /// <param name="path">Where its fields are in the message: empty, or as in <c>requests[3].</c> for an event of a batch.</param>
    public static Google.Rpc.Status Of(ScoreFailure failure, string path = "") => failure switch
    {
        ScoreFailure.UnusableAddress => BadRequest([Violations.UnusableAddress(path + "event.address")]),
        ScoreFailure.RequestIdReused => Status(
            Code.InvalidArgument,
            "request_id belongs to another event of this address. Make a new UUID for each event, and the same one for its retries only.",
            Info(ErrorReasons.RequestIdReused),
            Detail([Violations.Of(path + "request_id", ErrorReasons.RequestIdReused, "Make a new UUID for each event, and the same one for its retries only.")])),
        ScoreFailure.StoreUnavailable => StoreAway(),
        ScoreFailure.TokenInvalid => TokenInvalid(),
        ScoreFailure.TokenExpired => TokenExpired(),
        ScoreFailure.TokenOfAnotherCaller => TokenOfAnotherCaller(),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, message: null),
    };

    /// <summary>What became of a report that has no result.</summary>
    public static Google.Rpc.Status Of(FeedbackOutcome outcome) => outcome switch
    {
        FeedbackOutcome.UnusableAddress => BadRequest([Violations.UnusableAddress("event.address")]),
        FeedbackOutcome.StoreUnavailable => StoreAway(),
        FeedbackOutcome.TokenInvalid => TokenInvalid(),
        FeedbackOutcome.TokenExpired => TokenExpired(),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
    };

    /// <summary>What became of a token that can't be opened.</summary>
    public static Google.Rpc.Status Of(TokenState state) => state switch
    {
        TokenState.Invalid => TokenInvalid(),
        TokenState.Expired => TokenExpired(),
        TokenState.Unknown => StoreAway(),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    /// <summary>UNAVAILABLE: the one failure that is worth a retry.</summary>
    public static RpcException StoreUnavailable() => StoreAway().ToRpcException();

    /// <summary>UNAVAILABLE: nothing is known to have been done on an address, and a repetition does no harm.</summary>
    public static RpcException SubjectsUnavailable() => Status(
        Code.Unavailable,
        "The store did not answer, can't be used yet, or refuses the account of the desk. Send the request again: nothing is counted, and to erase twice does no harm.",
        Info(ErrorReasons.StoreUnavailable),
        new RetryInfo { RetryDelay = StoreRetryDelay }).ToRpcException();

    /// <summary>What the ledger could not do: then nothing was done, or nobody is told what.</summary>
    public static RpcException Of(LedgerException failure) => failure.Failure == LedgerFailure.OutcomeUnwritten
        ? Status(Code.Internal, failure.Message, Info(ErrorReasons.OutcomeUnwritten)).ToRpcException()
        : Status(Code.Unavailable, failure.Message, Info(ErrorReasons.LedgerUnwritable)).ToRpcException();

    /// <summary>UNAVAILABLE: an erasure that a fail-over could undo.</summary>
    public static RpcException ErasureUnconfirmed(Erasure erasure) => Status(
        Code.Unavailable,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Erased, but only {erasure.Keys.Replicas} of {erasure.ReplicasWanted} replicas have acknowledged it in time, so that a fail-over could bring it back. Send the request again until it succeeds: to erase twice does no harm."),
        Info(ErrorReasons.ErasureUnconfirmed),
        new RetryInfo { RetryDelay = StoreRetryDelay }).ToRpcException();

    /// <summary>UNAVAILABLE: an override may be set or cleared, or not.</summary>
    public static RpcException OverridesUnavailable() => Status(
        Code.Unavailable,
        "The store did not answer, can't be used yet, or refuses the account of the desk. Send the request again: that does no harm. List says what is in force.",
        Info(ErrorReasons.StoreUnavailable),
        new RetryInfo { RetryDelay = StoreRetryDelay }).ToRpcException();

    /// <summary>Why an override was not set or cleared, or is not confirmed.</summary>
    public static RpcException Of(OverrideFailure failure) => (failure switch
    {
        OverrideFailure.Unknown => Status(
            Code.NotFound,
            "No override of this id is in force.",
            Info(ErrorReasons.OverrideUnknown),
            Detail([Violations.Of("id", ErrorReasons.OverrideUnknown, "Send the id of an override that List answers.")])),
        OverrideFailure.TooMany => Status(
            Code.ResourceExhausted,
            string.Create(CultureInfo.InvariantCulture, $"{OverrideIds.Most} overrides are in force, and more there can't be. Clear some, or say it of a network."),
            Info(ErrorReasons.TooManyOverrides)),
        OverrideFailure.Unconfirmed => Status(
            Code.Unavailable,
            "Done, but too few replicas have acknowledged it in time, so that a fail-over could undo it. Send the request again until it succeeds: that does no harm.",
            Info(ErrorReasons.OverrideUnconfirmed),
            new RetryInfo { RetryDelay = StoreRetryDelay }),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, message: null),
    }).ToRpcException();

    /// <summary>UNAVAILABLE for a roll that is not done, or not wholly.</summary>
    /// <param name="message">What was done, what is unknown, what to do.</param>
    public static RpcException RollUnfinished(string message) =>
        Status(Code.Unavailable, message, Info(ErrorReasons.RollUnfinished), new RetryInfo { RetryDelay = StoreRetryDelay }).ToRpcException();

    /// <summary>DEADLINE_EXCEEDED: not worth the work any more.</summary>
    public static RpcException DeadlineExceeded() =>
        Status(Code.DeadlineExceeded, "The deadline of the call has passed.", Info(ErrorReasons.DeadlineExceeded)).ToRpcException();

    /// <summary>CANCELLED: nobody waits for the answer.</summary>
    public static RpcException Cancelled() =>
        Status(Code.Cancelled, "The caller cancelled the call.", Info(ErrorReasons.Cancelled)).ToRpcException();

    /// <summary>INTERNAL: our fault; the log says which.</summary>
    public static RpcException Internal() => InternalStatus().ToRpcException();

    /// <summary>INTERNAL, as JSON is made from it.</summary>
    public static Google.Rpc.Status InternalStatus() =>
        Status(Code.Internal, "The server failed. Its log says why.", Info(ErrorReasons.Internal));

    /// <summary>INVALID_ARGUMENT for a body that no request can be read from.</summary>
    /// <param name="violations">The fields that are at fault, where it is JSON and they are known.</param>
    public static Google.Rpc.Status UnreadableBody(IReadOnlyList<BadRequest.Types.FieldViolation> violations)
    {
        const string Message = "The body can't be read. Send JSON of the request's message, enums by their full names, with content-type application/json.";
        var info = Info(ErrorReasons.BodyUnreadable);
        return violations.Count == 0
            ? Status(Code.InvalidArgument, Message, info)
            : Status(Code.InvalidArgument, Message, info, Detail(violations));
    }

    /// <summary>UNIMPLEMENTED for a path under which nothing is served, or not by this method of HTTP. It is not said again: a caller may have written anything there.</summary>
    /// <param name="methods">By which ones something is.</param>
    public static Google.Rpc.Status NotServed(IReadOnlyList<string> methods) => Status(
        Code.Unimplemented,
        methods.Count == 0 ? "Nothing is served here under this path." : $"Under this path only {string.Join(" and ", methods)} is served.",
        Info(ErrorReasons.NotServed));

    private static Google.Rpc.Status StoreAway() => Status(
        Code.Unavailable,
        "The store did not answer within its budget, or can't be used yet; whether this was counted is unknown. With the same request_id, by decision token or of the same reporter, a retry can't count twice; without, it may.",
        Info(ErrorReasons.StoreUnavailable),
        new RetryInfo { RetryDelay = StoreRetryDelay });

    private static Google.Rpc.Status TokenInvalid() => Status(
        Code.InvalidArgument,
        "decision_token is none of this service's, or was changed. Send it exactly as it was answered.",
        Info(ErrorReasons.DecisionTokenInvalid),
        Detail([Violations.Of("decision_token", ErrorReasons.DecisionTokenInvalid, "Send the token exactly as it was answered.")]));

    private static Google.Rpc.Status TokenExpired() => Status(
        Code.FailedPrecondition,
        "What decision_token speaks of is no longer kept: nothing can be added to it or said of it any more. A later event has a token of its own.",
        Info(ErrorReasons.DecisionTokenExpired),
        Detail([Violations.Of("decision_token", ErrorReasons.DecisionTokenExpired, "Use the token of a later event; nothing is kept that this one speaks of.")]));

    private static Google.Rpc.Status TokenOfAnotherCaller() => Status(
        Code.PermissionDenied,
        "decision_token is of another caller's decision. Only who asked first may ask again what is known now; Explain tells what was decided.",
        Info(ErrorReasons.DecisionTokenOfAnotherCaller),
        Detail([Violations.Of("decision_token", ErrorReasons.DecisionTokenOfAnotherCaller, "Send the token of a decision that this caller asked for, or the event itself.")]));

    /// <summary>The reason of an error.</summary>
    public static ErrorInfo Info(string reason) => new() { Reason = reason, Domain = Domain };

    /// <summary>Fields that are at fault.</summary>
    public static BadRequest Detail(IEnumerable<BadRequest.Types.FieldViolation> violations)
    {
        var detail = new BadRequest();
        detail.FieldViolations.Add(violations);
        return detail;
    }

    /// <summary>An error.</summary>
    public static Google.Rpc.Status Status(Code code, string message, params ReadOnlySpan<IMessage> details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        foreach (var detail in details)
        {
            status.Details.Add(Any.Pack(detail));
        }

        return status;
    }
}
