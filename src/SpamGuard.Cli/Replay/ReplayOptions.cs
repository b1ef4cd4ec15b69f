using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Tags;

namespace SpamGuard.Cli.Replay;

/// <summary>How a file is replayed.</summary>
internal sealed record ReplayOptions
{
    /// <summary>How long after its event feedback comes, where the file has no reports of its own. 1 h by default.</summary>
    public TimeSpan FeedbackDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The share of events on which feedback comes, 0 to 1, where the file has no reports of its own. 1 by default.</summary>
    public double FeedbackCoverage { get; init; } = 1;

    /// <summary>Salts, and which events get feedback, follow from it. 1 by default.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether accounts are sent, as members of other subjects.</summary>
    public bool AccountMembers { get; init; }

    /// <summary>Whether accounts are sent and remembered.</summary>
    public bool AccountMemory { get; init; }

    /// <summary>Whether contents are sent and remembered.</summary>
    public bool ContentMemory { get; init; }

    /// <summary>Shifts the epochs against the clock. 0 by default, as in a service.</summary>
    public TimeSpan EpochPhase { get; init; }

    /// <summary>How long records are kept; <c>null</c>, by default, for as long as a service keeps them.</summary>
    public RetentionLives? Retention { get; init; }

    /// <summary>The share of the rows, from the end, that is also judged by itself; above 0 and up to 1. .3 by default.</summary>
    public double TestShare { get; init; } = .3;

    /// <summary>How many faulty rows are skipped before the run fails. 100 by default.</summary>
    public int MaxErrors { get; init; } = 100;

    /// <summary>The policy that judges. By default the built-in one.</summary>
    public Policy Policy { get; init; } = Policy.Default;

    /// <summary>The policy that it is compared with; <c>null</c>, by default, for none.</summary>
    public Policy? Against { get; init; }

    /// <summary>The tags of addresses; <c>null</c>, by default, for none.</summary>
    public LiveTags? Tags { get; init; }

    /// <summary>Whether a policy says what tags do, and there are none: then it is not judged as a service would.</summary>
    public bool LacksTags => Tags is null && (HasTags(Policy) || (Against is { } other && HasTags(other)));

    /// <summary>Whether accounts are sent at all: to both policies, as a caller would.</summary>
    public bool SendsAccounts => AccountMembers || AnyPolicy(static policy => policy.AccountMemory);

    /// <summary>Whether contents are sent at all, likewise.</summary>
    public bool SendsContents => AnyPolicy(static policy => policy.ContentMemory);

    /// <summary>
    /// A policy as it is replayed: with the memories that the options switch on besides its own, and trusting every report. Whom a service trusts
    /// is said of its callers, and a replay has none: its feedback is its own.
    /// </summary>
    public Policy InReplay(Policy policy) => policy with
    {
        SignUp = Remembering(policy.SignUp),
        Message = Remembering(policy.Message),
        ReportsTrustedByDefault = true,
        ReportsTrusted = policy.ReportsTrusted.Clear(),
    };

    private static bool HasTags(Policy policy) => !policy.SignUp.Tags.IsEmpty || !policy.Message.Tags.IsEmpty;

    private ScoringPolicy Remembering(ScoringPolicy policy) => policy with
    {
        AccountMemory = policy.AccountMemory || AccountMemory,
        ContentMemory = policy.ContentMemory || ContentMemory,
    };

    private bool AnyPolicy(Predicate<ScoringPolicy> says) =>
        says(Remembering(Policy.Message)) || (Against is { } other && says(Remembering(other.Message)));
}
