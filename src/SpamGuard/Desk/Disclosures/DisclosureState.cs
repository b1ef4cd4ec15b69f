namespace SpamGuard.Desk.Disclosures;

/// <summary>Where a disclosure stands.</summary>
internal enum DisclosureState
{
    /// <summary>Its opening is not entered to its end: it is being opened, or nobody has its key.</summary>
    Unconfirmed,

    /// <summary>Opened, and nobody has decided.</summary>
    Pending,

    /// <summary>Approved, and not executed.</summary>
    Approved,

    /// <summary>Rejected, for good.</summary>
    Rejected,

    /// <summary>Rejected by who opened it, for good.</summary>
    Withdrawn,

    /// <summary>Executed: nothing more can be had by it.</summary>
    Executed,

    /// <summary>Its validity ended before it was executed.</summary>
    Expired,

    /// <summary>It is being executed.</summary>
    Executing,

    /// <summary>The desk ended while it was executed: something may have been given out, and it can't be executed again.</summary>
    OutcomeUnknown,
}
