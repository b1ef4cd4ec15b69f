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

/// <summary>How events of one kind are answered while the store is away. Its keys stand below <c>failure</c>.</summary>
internal sealed record FailurePolicy(
    [property: PolicyKey("answer", "What answers while the store does not: the memory of this process (LOCAL), or one verdict for all.", IsLiveOnly = true)]
    FailureAnswer Answer,
    [property: PolicyKey("grace", 0, 604_800, "How long an outage may last before failure.after_grace counts.", IsLiveOnly = true)]
    int GraceSeconds,
    [property: PolicyKey("after_grace", "The mildest verdict from then on, so that failing open is bounded in time; ALLOW changes nothing.", Hardest = Verdict.Challenge, IsLiveOnly = true)]
    Verdict AfterGrace)
{
    /// <summary>The memory of this process answers, for as long as it takes.</summary>
    public static readonly FailurePolicy Default = new(FailureAnswer.Local, GraceSeconds: 300, AfterGrace: Verdict.Allow);
}
