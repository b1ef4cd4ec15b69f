namespace SpamGuard.Server.Callers;

/// <summary>What a caller may do. A caller may have several.</summary>
[Flags]
internal enum CallerRoles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Asks for scores.</summary>
    Scorer = 1 << 0,

    /// <summary>Reports what became of events.</summary>
    Reporter = 1 << 1,

    /// <summary>Runs the service: overrides, the policy in force, an emergency roll.</summary>
    Operator = 1 << 2,

    /// <summary>Answers people who ask what is held on their address, and erases it.</summary>
    Privacy = 1 << 3,

    /// <summary>Handles court orders.</summary>
    Legal = 1 << 4,

    /// <summary>Every role: whoever is known at all.</summary>
    Any = Scorer | Reporter | Operator | Privacy | Legal,
}

/// <summary>How roles are written.</summary>
internal static class CallerRoleNames
{
    /// <summary>The single roles.</summary>
    public static IReadOnlyList<CallerRoles> All { get; } =
        [CallerRoles.Scorer, CallerRoles.Reporter, CallerRoles.Operator, CallerRoles.Privacy, CallerRoles.Legal];

    /// <summary>The names of roles, in lower case.</summary>
    public static IReadOnlyList<string> Of(CallerRoles roles) =>
        [.. All.Where(role => (roles & role) != CallerRoles.None).Select(static role => role.ToString().ToLowerInvariant())];
}
