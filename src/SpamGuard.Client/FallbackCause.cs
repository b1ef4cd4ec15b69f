namespace SpamGuard.Client;

/// <summary>Why the service gave no verdict.</summary>
public enum FallbackCause
{
    /// <summary>It did.</summary>
    None = 0,

    /// <summary>Not within the deadline.</summary>
    Deadline = 1,

    /// <summary>Nobody answered at its address, or it said that it is not available or is at fault.</summary>
    Unavailable = 2,

    /// <summary>It was not asked: the last calls failed, and the circuit breaker waits before it tries again.</summary>
    CircuitOpen = 3,

    /// <summary>It refused this caller: no certificate or role that it knows. Somebody has to look at the configuration.</summary>
    Refused = 4,

    /// <summary>It could not take this event of many: a fault of the calling code.</summary>
    NotTaken = 5,

    /// <summary>It is there, and this caller is over its quota. The verdict is the one of after the grace, at once.</summary>
    OverQuota = 6,
}
