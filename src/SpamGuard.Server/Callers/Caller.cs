using System.Collections.Immutable;
using SpamGuard.Policies;

namespace SpamGuard.Server.Callers;

/// <summary>Who calls.</summary>
/// <param name="Name">Its name in the configuration; it stands in decision tokens and in the policy's list of trusted reporters.</param>
/// <param name="Roles">What it may do.</param>
internal sealed record Caller(string Name, CallerRoles Roles)
{
    /// <summary>Whoever calls where callers are not told apart: on loopback, in development.</summary>
    public static readonly Caller Development = new("development", CallerRoles.Any);

    /// <summary>Which kinds of events it may ask for. Default: all.</summary>
    public ImmutableArray<EventKind> Purposes { get; init; } = [.. EventKinds.All];

    /// <summary>How much it may ask for. Default: as much as it likes.</summary>
    public CallerQuotas Quotas { get; init; } = CallerQuotas.None;

    /// <summary>Whether it has one of some roles.</summary>
    public bool HasOneOf(CallerRoles roles) => (Roles & roles) != CallerRoles.None;
}
