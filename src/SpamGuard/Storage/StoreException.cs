namespace SpamGuard.Storage;

/// <summary>Why a call to the store failed.</summary>
internal enum StoreFailure
{
    /// <summary>No answer within the budget; whether it was done is unknown.</summary>
    Timeout,

    /// <summary>No connection, or it broke.</summary>
    Unavailable,

    /// <summary>The circuit breaker is open: not even tried.</summary>
    CircuitOpen,

    /// <summary>The store refused: a deadline past or beyond the cap, a command that the account may not use, memory full.</summary>
    Refused,

    /// <summary>The store answered something that is not of the expected form.</summary>
    Malformed,
}

/// <summary>How failures are written in metrics and traces.</summary>
internal static class StoreFailureNames
{
    /// <summary>Snake case, as in <c>circuit_open</c>.</summary>
    public static string Name(this StoreFailure failure) => failure switch
    {
        StoreFailure.Timeout => "timeout",
        StoreFailure.Unavailable => "unavailable",
        StoreFailure.CircuitOpen => "circuit_open",
        StoreFailure.Refused => "refused",
        StoreFailure.Malformed => "malformed",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "A failure without a name."),
    };
}

/// <summary>A failed call to the store. It carries nothing of the driver's exception, whose text and data hold key names.</summary>
internal sealed class StoreException(StoreFailure failure, string message) : Exception(message)
{
    /// <summary>Why it failed.</summary>
    public StoreFailure Failure { get; } = failure;

    /// <summary>Whether what was to be written may be written all the same, wholly or in part. A failed reading has done nothing.</summary>
    public bool MayBeDone { get; init; }
}
