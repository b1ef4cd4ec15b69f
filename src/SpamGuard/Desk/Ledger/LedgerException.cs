namespace SpamGuard.Desk.Ledger;

/// <summary>What the ledger can't do.</summary>
internal enum LedgerFailure
{
    /// <summary>It can't be opened: what stands there is none, is changed, or is in use.</summary>
    Unusable,

    /// <summary>An act was not entered, and so not begun.</summary>
    Unwritable,

    /// <summary>An act was begun, and what became of it is not entered: its result is given to nobody.</summary>
    OutcomeUnwritten,
}

/// <summary>The ledger can't do what it must. The message is fit for callers and logs.</summary>
/// <param name="failure">What it can't do.</param>
/// <param name="message">The same in words, with the reason.</param>
internal sealed class LedgerException(LedgerFailure failure, string message) : Exception(message)
{
    /// <summary>What it can't do.</summary>
    public LedgerFailure Failure { get; } = failure;
}
