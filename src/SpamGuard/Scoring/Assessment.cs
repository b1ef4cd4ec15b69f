using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Signals;

namespace SpamGuard.Scoring;

/// <summary>The answer about one event.</summary>
/// <param name="footprint">The event as it was hashed.</param>
/// <param name="live">The epochs that it was hashed in.</param>
/// <param name="caller">Who asked.</param>
/// <param name="id">Identifies the decision, where another token may speak of it too; <c>null</c> for an id of its own.</param>
internal sealed class Assessment(EventFootprint footprint, LiveEpochs live, string caller, SubjectToken? id)
{
    private string? _decisionToken;

    /// <summary>Opaque, sealed, expiring handle for feedback, appeals and "why was this?". Sealed when first asked for: a replay never asks.</summary>
    public string DecisionToken => _decisionToken ??= DecisionTokens.Seal(ToDecision(), live);

    /// <summary>When it was made: unix seconds of the store's clock.</summary>
    public required long Time { get; init; }

    /// <summary>What the caller should do.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Probability of spam, 0 to 1; 1 is spam.</summary>
    public required double SpamProbability { get; init; }

    /// <summary>What the probability is made of, strongest first.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>Whole seconds after which a preview would be milder than THROTTLE; <c>null</c> for ALLOW and CHALLENGE.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>Unix second at which the address' record is gone.</summary>
    public long ExpireTime => footprint.ExpireTime;

    /// <summary>The policy that judged.</summary>
    public required string PolicyRevision { get; init; }

    /// <summary>Whether everything that is known went into it.</summary>
    public Quality Quality { get; init; }

    /// <summary>What a candidate policy would have said; <c>null</c> where none is tried.</summary>
    public Verdict? ShadowVerdict { get; init; }

    /// <summary>Whether nothing was counted; its token says so too.</summary>
    public bool IsPreview { get; init; }

    /// <summary>Whether this repeats the answer to an earlier call with the same request id: nothing was counted.</summary>
    public bool Replayed { get; init; }

    /// <summary>How much is known, coarsely, per level.</summary>
    public required IReadOnlyList<LevelEvidence> Evidence { get; init; }

    private Decision ToDecision() => new()
    {
        Id = id ?? DecisionTokens.RandomId(),
        Time = Time,
        IsPreview = IsPreview,
        Caller = caller,
        AddressEpoch = live.Current(RetentionClass.Address).Id,
        NetworkEpoch = live.Current(RetentionClass.Network).Id,
        Footprint = footprint,
        Verdict = Verdict,
        SpamProbability = SpamProbability,
        Reasons = Reasons,
        PolicyRevision = PolicyRevision,
    };
}
