using SpamGuard.Policies;

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

    /// <summary>The share of the rows, from the end, that is also judged by itself; above 0 and up to 1. .3 by default.</summary>
    public double TestShare { get; init; } = .3;

    /// <summary>How many faulty rows are skipped before the run fails. 100 by default.</summary>
    public int MaxErrors { get; init; } = 100;

    /// <summary>Whether accounts are sent at all.</summary>
    public bool SendsAccounts => AccountMembers || AccountMemory;

    /// <summary>The policy that judges.</summary>
    public ScoringPolicy Policy => ScoringPolicy.Default with { AccountMemory = AccountMemory, ContentMemory = ContentMemory };
}
