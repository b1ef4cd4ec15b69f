namespace SpamGuard.Benchmarks.Reidentification;

/// <summary>What somebody holds who wants addresses back.</summary>
/// <param name="Name">In words.</param>
/// <param name="HasPepper">The pepper of the epoch.</param>
/// <param name="HasSalt">The salt of the epoch, as a dump of the store has it while the epoch lives.</param>
internal sealed record Holding(string Name, bool HasPepper, bool HasSalt)
{
    /// <summary>Every combination that goes with a dump of the records.</summary>
    public static IReadOnlyList<Holding> All { get; } =
    [
        new("a dump whose salts are gone", HasPepper: false, HasSalt: false),
        new("a dump, its salts in it", HasPepper: false, HasSalt: true),
        new("the pepper, and a dump whose salts are gone", HasPepper: true, HasSalt: false),
        new("the pepper, and a dump, its salts in it", HasPepper: true, HasSalt: true),
    ];
}
