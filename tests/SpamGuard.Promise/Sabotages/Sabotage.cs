using SpamGuard.Promise.World;
using SpamGuard.Testing;

namespace SpamGuard.Promise.Sabotages;

/// <summary>Breaks one thing for real: what is started, or what happens while it runs. What is looked at stays the same.</summary>
/// <param name="Name">The switch.</param>
/// <param name="Clause">The name of the one clause that must fail.</param>
/// <param name="Deed">What it does.</param>
internal sealed record Sabotage(string Name, string Clause, string Deed)
{
    /// <summary>Arguments of redis-server, after all others.</summary>
    public IReadOnlyList<string> Redis { get; init; } = [];

    /// <summary>What is added to the line of an account of the store; <c>null</c> for nothing.</summary>
    public (RedisAccount Account, string Rules)? Grant { get; init; }

    /// <summary>Variables of the environment of every process of the service, over all others.</summary>
    public IReadOnlyDictionary<string, string> Service { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether Redis also listens in the clear.</summary>
    public bool PlaintextPort { get; init; }

    /// <summary>What it does while all runs, called at every moment.</summary>
    public Func<RunningWorld, Moment, Task>? Act { get; init; }
}
