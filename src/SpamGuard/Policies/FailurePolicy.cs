namespace SpamGuard.Policies;

/// <summary>What answers while the store does not.</summary>
internal enum FailureAnswer : byte
{
    /// <summary>A bounded store in the memory of this process, with the same records and the same model.</summary>
    Local,

    /// <summary>ALLOW, whatever the event.</summary>
    Allow,

    /// <summary>CHALLENGE, whatever the event.</summary>
    Challenge,

    /// <summary>DENY, whatever the event.</summary>
    Deny,
}

/// <summary>How events of one kind are answered while the store is away.</summary>
/// <param name="Answer">What answers.</param>
/// <param name="GraceSeconds">How long an outage may last before <paramref name="AfterGrace"/> counts, in seconds.</param>
/// <param name="AfterGrace">The mildest verdict from then on: to fail open is bounded in time. <see cref="Verdict.Allow"/> changes nothing.</param>
internal sealed record FailurePolicy(FailureAnswer Answer, int GraceSeconds, Verdict AfterGrace)
{
    /// <summary>The memory of this process answers, for as long as it takes.</summary>
    public static readonly FailurePolicy Default = new(FailureAnswer.Local, GraceSeconds: 300, AfterGrace: Verdict.Allow);
}
