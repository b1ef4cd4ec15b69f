namespace SpamGuard.Testing;

/// <summary>A user of the files in <c>k8s/redis</c>, or the admin. The passwords are of no worth: such a Redis lives for one test run, on loopback.</summary>
public sealed record RedisAccount(string Name, string Password)
{
    /// <summary>What a scoring process connects as.</summary>
    public static readonly RedisAccount Scorer = new("scorer", "scorer-test-password");

    /// <summary>What the retention auditor connects as: it walks keys and cannot read a value.</summary>
    public static readonly RedisAccount Auditor = new("auditor", "auditor-test-password");

    /// <summary>What the desk connects as: the scorer, and it may delete.</summary>
    public static readonly RedisAccount Desk = new("desk", "desk-test-password");

    /// <summary>What a replica follows its master as.</summary>
    public static readonly RedisAccount Replica = new("replica", "replica-test-password");

    /// <summary>What sentinels watch data servers, and one another, as.</summary>
    public static readonly RedisAccount Sentinel = new("sentinel", "sentinel-test-password");

    /// <summary>What a person ends a script that never does, and has changed users read, as.</summary>
    public static readonly RedisAccount Operator = new("operator", "operator-test-password");

    /// <summary>All commands and keys, for the tests' own inspection. No product code runs as this user.</summary>
    public static readonly RedisAccount Admin = new("admin", "admin-test-password");

    /// <summary>All but the admin, whom no deployment needs.</summary>
    public static IReadOnlyList<RedisAccount> OfADeployment { get; } = [Scorer, Auditor, Desk, Replica, Sentinel, Operator];

    public override string ToString() => Name;
}
