namespace SpamGuard.Desk.Overrides;

/// <summary>Why an override was not set or cleared, or is not confirmed.</summary>
internal enum OverrideFailure
{
    /// <summary>There is none of that name.</summary>
    Unknown,

    /// <summary>There are as many as there may be.</summary>
    TooMany,

    /// <summary>It is set or cleared, but not by as many replicas as must.</summary>
    Unconfirmed,
}

/// <summary>An override was not set or cleared, or is not confirmed.</summary>
internal sealed class OverrideException(OverrideFailure failure) : Exception($"An override failed: {failure}.")
{
    /// <summary>Why.</summary>
    public OverrideFailure Failure { get; } = failure;
}
