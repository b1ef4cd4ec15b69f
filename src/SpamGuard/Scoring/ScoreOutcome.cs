namespace SpamGuard.Scoring;

/// <summary>Why an event got no assessment.</summary>
internal enum ScoreFailure
{
    /// <summary>It got one.</summary>
    None,

    /// <summary>A multicast, unspecified or broadcast address: no event can come from it.</summary>
    UnusableAddress,

    /// <summary>The request id belongs to another event of this address, within the last minute.</summary>
    RequestIdReused,

    /// <summary>The salts that the decision token needs are not known: the process started while the store was away.</summary>
    StoreUnavailable,

    /// <summary>The decision token is none of ours, or was changed.</summary>
    TokenInvalid,

    /// <summary>The decision token's epoch is over.</summary>
    TokenExpired,

    /// <summary>The decision was another caller's.</summary>
    TokenOfAnotherCaller,
}

/// <summary>An assessment, or why there is none.</summary>
internal readonly record struct ScoreOutcome(Assessment? Assessment, ScoreFailure Failure)
{
    /// <summary>An assessment.</summary>
    public static implicit operator ScoreOutcome(Assessment assessment) => new(assessment, ScoreFailure.None);

    /// <summary>A failure.</summary>
    public static implicit operator ScoreOutcome(ScoreFailure failure) => new(Assessment: null, failure);
}
