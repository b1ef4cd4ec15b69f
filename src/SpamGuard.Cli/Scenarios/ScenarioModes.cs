namespace SpamGuard.Cli.Scenarios;

/// <summary>What callers send and what is remembered of it. A scenario's events occur in some modes, and its gates hold in some.</summary>
[Flags]
internal enum ScenarioModes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Addresses alone: no digests are sent.</summary>
    NoDigests = 1,

    /// <summary>Account digests are sent and make members of other subjects; nothing is remembered of the accounts themselves.</summary>
    MembersOnly = 2,

    /// <summary>Account and content digests are sent and remembered.</summary>
    Memory = 4,

    /// <summary>Wherever account digests are sent.</summary>
    WithDigests = MembersOnly | Memory,

    /// <summary>All.</summary>
    All = NoDigests | WithDigests,
}

/// <summary>How modes are written.</summary>
internal static class ScenarioModeNames
{
    /// <summary>Each mode by itself, the one that sends least first.</summary>
    public static IReadOnlyList<ScenarioModes> Each { get; } = [ScenarioModes.NoDigests, ScenarioModes.MembersOnly, ScenarioModes.Memory];

    /// <summary><c>no_digests</c>, <c>members_only</c> or <c>memory</c>.</summary>
    public static string Name(this ScenarioModes mode) => mode switch
    {
        ScenarioModes.NoDigests => "no_digests",
        ScenarioModes.MembersOnly => "members_only",
        ScenarioModes.Memory => "memory",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, message: null),
    };
}
