using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Desk.Disclosures;

namespace SpamGuard.Server.Grpc;

/// <summary>What a caller is told whom the gate for orders refuses. No text of it holds an address, a reference or a key.</summary>
internal static class DisclosureErrors
{
    // An error travels in a header, and many clients take no more than 8 KiB of it.
    private const int MostViolations = 16;

    private static readonly Duration RetryDelay = new() { Seconds = 2 };

    /// <summary>INVALID_ARGUMENT for fields that can't be taken; the first of them, where they are many.</summary>
    public static RpcException Bad(IReadOnlyList<BadRequest.Types.FieldViolation> violations) => Errors.BadRequest(
        violations.Count <= MostViolations ? violations : [.. violations.Take(MostViolations), DisclosureViolations.More(violations.Count - MostViolations)]).ToRpcException();

    /// <summary>UNAVAILABLE: nothing was given out.</summary>
    public static RpcException StoreUnavailable() => Errors.Status(
        Code.Unavailable,
        "The store did not answer, can't be used yet, or refuses the account of the desk. Nothing was given out: send the request again.",
        Errors.Info(ErrorReasons.StoreUnavailable),
        new RetryInfo { RetryDelay = RetryDelay }).ToRpcException();

    /// <summary>The error of a refusal.</summary>
    public static RpcException Of(DisclosureRefusedException refused) => refused.Refusal switch
    {
        DisclosureRefusal.OrderFaulty => Bad([.. refused.Faults.Select(DisclosureViolations.Of)]),
        DisclosureRefusal.ReferenceDiffers => Bad([DisclosureViolations.ReferenceDiffers()]),
        DisclosureRefusal.AddressesDiffer => Bad(Differences(refused.Addresses!)),
        _ => Status(refused).ToRpcException(),
    };

    private static Google.Rpc.Status Status(DisclosureRefusedException refused) => refused.Refusal switch
    {
        DisclosureRefusal.CategoryNotAllowed => Errors.Status(
            Code.PermissionDenied,
            "Nothing is disclosed in this category, to anybody. That the order was received and refused is entered, and counted in the transparency report.",
            Errors.Info(ErrorReasons.CategoryNotAllowed),
            Errors.Detail([Violations.Of(
                "category", ErrorReasons.CategoryNotAllowed, "The categories are DISCLOSURE_CATEGORY_TERRORISM and DISCLOSURE_CATEGORY_CHILD_EXPLOITATION, and no other.")])),
        DisclosureRefusal.TooManyOrders => Errors.Status(
            Code.ResourceExhausted,
            string.Create(CultureInfo.InvariantCulture, $"{DisclosureGate.MostOrders} orders are unconfirmed, pending or approved: execute or reject some first."),
            Errors.Info(ErrorReasons.TooManyOrders)),
        DisclosureRefusal.TooManyOrdersOfOne => Errors.Status(
            Code.ResourceExhausted,
            string.Create(CultureInfo.InvariantCulture, $"{DisclosureGate.MostOrdersOfOne} orders that you opened are unconfirmed, pending or approved: execute or reject some first."),
            Errors.Info(ErrorReasons.TooManyOrders)),
        DisclosureRefusal.Unknown => Errors.Status(Code.NotFound, "There is no disclosure of this disclosure_id.", Errors.Info(ErrorReasons.DisclosureUnknown)),
        DisclosureRefusal.WrongState => WrongState(refused.State),
        DisclosureRefusal.BeingDecided => Errors.Status(
            Code.FailedPrecondition,
            "This disclosure is being decided by another call, or was, and the decision could not be entered in the ledger: look at it with Get. Where it stays as it is the desk must be restarted, and it must be decided again.",
            Errors.Info(ErrorReasons.DisclosureBeingDecided)),
        DisclosureRefusal.KeyWrong => Errors.Status(
            Code.PermissionDenied, "order_key is not the key of this disclosure. The attempt is counted.", Errors.Info(ErrorReasons.OrderKeyWrong)),
        DisclosureRefusal.TooManyWrongKeys => Errors.Status(
            Code.ResourceExhausted,
            string.Create(CultureInfo.InvariantCulture, $"{WrongKeys.Most} keys within a minute were not the key of this disclosure: for now no key is looked at."),
            Errors.Info(ErrorReasons.TooManyWrongKeys),
            new RetryInfo { RetryDelay = Duration.FromTimeSpan(refused.Wait) }),
        DisclosureRefusal.SamePerson => Errors.Status(
            Code.PermissionDenied,
            "Who opened an order may not approve it: it needs a second person, whose certificate has no name of theirs, and another key.",
            Errors.Info(ErrorReasons.SamePerson)),
        DisclosureRefusal.PersonUnknown => Errors.Status(
            Code.PermissionDenied,
            "An order needs a second person, and whether this is one can't be told: this connection, or that of who opened the order, showed this service no certificate. "
                + "Where callers are not told apart, as in development, and behind a sidecar, no order can be approved.",
            Errors.Info(ErrorReasons.SamePerson)),
        _ => throw new ArgumentOutOfRangeException(nameof(refused), refused.Refusal, message: null),
    };

    private static Google.Rpc.Status WrongState(DisclosureState state)
    {
        var info = Errors.Info(ErrorReasons.DisclosureState);
        info.Metadata.Add("state", DisclosureEntries.Name(state).ToUpperInvariant());
        return Errors.Status(Code.FailedPrecondition, Message(state), info);
    }

    private static string Message(DisclosureState state) => state switch
    {
        DisclosureState.Pending => "The disclosure is pending: a second person must approve it first.",
        DisclosureState.Unconfirmed => "The disclosure is being opened, or that could not be entered in the ledger: then nobody has its key. Reject it, and open it anew.",
        DisclosureState.Approved => "The disclosure is approved: it can be executed or rejected, and not be approved again.",
        DisclosureState.Withdrawn => "The disclosure is withdrawn by who opened it, for good.",
        DisclosureState.Rejected => "The disclosure is rejected, for good.",
        DisclosureState.Executed => "The disclosure is executed: nothing more can be had by it.",
        DisclosureState.Expired => "The validity of the disclosure is over: a new order is needed.",
        DisclosureState.Executing => "The disclosure is being executed by another call, or was, and what became of it could not be entered in the ledger. Where it stays so the desk must be restarted: then the outcome is unknown, and a new order is needed.",
        DisclosureState.OutcomeUnknown => "The desk ended while the disclosure was executed, so that something may have been given out: it can't be executed again, and a new order is needed.",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    private static List<BadRequest.Types.FieldViolation> Differences(NamedAddresses addresses)
    {
        var violations = addresses.Unnamed.Select(DisclosureViolations.AddressNotInOrder).ToList();
        if (addresses.Missing > 0)
        {
            violations.Insert(0, DisclosureViolations.AddressesMissing(addresses.Missing));
        }

        return violations;
    }
}
