namespace SpamGuard.Feedback;

/// <summary>What a report did.</summary>
internal enum FeedbackOutcome
{
    /// <summary>It was counted.</summary>
    Applied,

    /// <summary>A challenge failed: recorded in metrics, counts nothing by design.</summary>
    Recorded,

    /// <summary>The same label was reported before, by this person at this address, on this decision or in this request: nothing was counted.</summary>
    Duplicate,

    /// <summary>The policy does not trust the reports of this caller: metered, and nothing was counted.</summary>
    Untrusted,

    /// <summary>What was known of the event's address is gone, so nothing was counted at any level.</summary>
    StateExpired,

    /// <summary>A multicast, unspecified or broadcast address: no event can come from it.</summary>
    UnusableAddress,

    /// <summary>The decision token is none of ours, or was changed.</summary>
    TokenInvalid,

    /// <summary>The decision token's epoch is over.</summary>
    TokenExpired,

    /// <summary>The store did not answer within its budget.</summary>
    StoreUnavailable,
}
