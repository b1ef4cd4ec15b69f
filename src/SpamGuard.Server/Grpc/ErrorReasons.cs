namespace SpamGuard.Server.Grpc;

/// <summary>The reasons of <c>google.rpc.ErrorInfo</c>: a contract, never renamed. Those of who calls are <see cref="Callers.Refusal"/>.</summary>
internal static class ErrorReasons
{
    /// <summary>One or more fields can't be taken; BadRequest names them all, each with a reason of its own.</summary>
    public const string InvalidRequest = "INVALID_REQUEST";

    /// <summary>No request can be read from the body.</summary>
    public const string BodyUnreadable = "BODY_UNREADABLE";

    /// <summary>Nothing is served under the path, or by the method of HTTP.</summary>
    public const string NotServed = "NOT_SERVED";

    /// <summary>The request id belongs to another event of this address.</summary>
    public const string RequestIdReused = "REQUEST_ID_REUSED";

    /// <summary>The decision token is none of ours, or was changed.</summary>
    public const string DecisionTokenInvalid = "DECISION_TOKEN_INVALID";

    /// <summary>What the decision token speaks of is gone.</summary>
    public const string DecisionTokenExpired = "DECISION_TOKEN_EXPIRED";

    /// <summary>The decision was another caller's, and the call would tell more than what was decided.</summary>
    public const string DecisionTokenOfAnotherCaller = "DECISION_TOKEN_OF_ANOTHER_CALLER";

    /// <summary>The store did not answer within its budget.</summary>
    public const string StoreUnavailable = "STORE_UNAVAILABLE";

    /// <summary>The act can't be entered in the ledger, so it is not done.</summary>
    public const string LedgerUnwritable = "LEDGER_UNWRITABLE";

    /// <summary>What became of the act can't be entered in the ledger, so nobody is told. It may have been done.</summary>
    public const string OutcomeUnwritten = "OUTCOME_UNWRITTEN";

    /// <summary>An erasure is done, but not by as many replicas as must.</summary>
    public const string ErasureUnconfirmed = "ERASURE_UNCONFIRMED";

    /// <summary>There is no override of that id.</summary>
    public const string OverrideUnknown = "OVERRIDE_UNKNOWN";

    /// <summary>As many overrides are in force as may be.</summary>
    public const string TooManyOverrides = "TOO_MANY_OVERRIDES";

    /// <summary>An override is set or cleared, but not by as many replicas as must.</summary>
    public const string OverrideUnconfirmed = "OVERRIDE_UNCONFIRMED";

    /// <summary>Not all epochs that were to be rolled are known to be.</summary>
    public const string RollUnfinished = "ROLL_UNFINISHED";

    /// <summary>Nothing is disclosed in the category of the order.</summary>
    public const string CategoryNotAllowed = "CATEGORY_NOT_ALLOWED";

    /// <summary>As many orders are pending or approved as there may be.</summary>
    public const string TooManyOrders = "TOO_MANY_ORDERS";

    /// <summary>There is no such disclosure.</summary>
    public const string DisclosureUnknown = "DISCLOSURE_UNKNOWN";

    /// <summary>The disclosure is not in the state that the call needs; the metadata names the one that it is in.</summary>
    public const string DisclosureState = "DISCLOSURE_STATE";

    /// <summary>Somebody else decides the disclosure at this moment.</summary>
    public const string DisclosureBeingDecided = "DISCLOSURE_BEING_DECIDED";

    /// <summary>The key is not the order's.</summary>
    public const string OrderKeyWrong = "ORDER_KEY_WRONG";

    /// <summary>Too many keys were not the order's in the last minute.</summary>
    public const string TooManyWrongKeys = "TOO_MANY_WRONG_KEYS";

    /// <summary>Who opened the order would decide it, or nobody can tell.</summary>
    public const string SamePerson = "SAME_PERSON";

    /// <summary>The caller's deadline had passed before the call began, or passed during it.</summary>
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";

    /// <summary>The caller cancelled.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>A fault of the server.</summary>
    public const string Internal = "INTERNAL";
}
