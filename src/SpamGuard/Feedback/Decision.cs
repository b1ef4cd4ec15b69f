using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Signals;

namespace SpamGuard.Feedback;

/// <summary>What a decision token seals: what was decided and why, and where a report on it belongs. No address.</summary>
internal sealed record Decision
{
    /// <summary>Identifies the decision: the same for every token that a retry of one request was answered with.</summary>
    public required SubjectToken Id { get; init; }

    /// <summary>When it was made: unix seconds of the store's clock.</summary>
    public required long Time { get; init; }

    /// <summary>What the event was.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>Who asked.</summary>
    public required string Caller { get; init; }

    /// <summary>The event's subjects in the epochs of its time, the address first; they may only be updated.</summary>
    public required IReadOnlyList<DecisionSubject> Subjects { get; init; }

    /// <summary>The event's /8 or IPv6 /24.</summary>
    public required WidePrefix Wide { get; init; }

    /// <summary>Whether the event named an account, so that the person who reports is not needed as a member.</summary>
    public required bool HasAccount { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Probability of spam, 0 to 1.</summary>
    public required double SpamProbability { get; init; }

    /// <summary>Strongest first.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }

    /// <summary>The policy that judged.</summary>
    public required string PolicyRevision { get; init; }
}

/// <summary>One subject of a decision: its records in both epochs, and the bits of the event's member in them.</summary>
internal readonly record struct DecisionSubject(SubjectKey Current, SubjectKey Previous, long Deadline, uint Member, uint PreviousMember);
