using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Signals;

namespace SpamGuard.Feedback;

/// <summary>What a decision token seals: what was decided and why, and where a report on it belongs. No address.</summary>
internal sealed record Decision
{
    /// <summary>Identifies the decision: the same for every token that a retry of one request was answered with.</summary>
    public required SubjectToken Id { get; init; }

    /// <summary>When it was made: unix seconds of the store's clock.</summary>
    public required long Time { get; init; }

    /// <summary>Whether it was only looked at and nothing was counted: then nobody need have been at the address at <see cref="Time"/>.</summary>
    public bool IsPreview { get; init; }

    /// <summary>Who asked.</summary>
    public required string Caller { get; init; }

    /// <summary>The address epoch that it was made in.</summary>
    public required EpochId AddressEpoch { get; init; }

    /// <summary>The network epoch that it was made in.</summary>
    public required EpochId NetworkEpoch { get; init; }

    /// <summary>The event as it was hashed: what it is, and its subjects in both epochs of its time.</summary>
    public required EventFootprint Footprint { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Probability of spam, 0 to 1.</summary>
    public required double SpamProbability { get; init; }

    /// <summary>Strongest first.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>Whether a reason of the given code was among them.</summary>
    public bool HasReason(string code) => Reasons.Any(reason => string.Equals(reason.Code, code, StringComparison.Ordinal));

    /// <summary>The policy that judged.</summary>
    public required string PolicyRevision { get; init; }
}
