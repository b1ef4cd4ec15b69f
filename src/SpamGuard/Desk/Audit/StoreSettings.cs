using System.Globalization;

namespace SpamGuard.Desk.Audit;

/// <summary>A setting of the store that keeps what expires from living on.</summary>
/// <param name="Name">As in the server's configuration file, or a name of ours for what has none.</param>
/// <param name="Required">What it must be, in words.</param>
/// <param name="Accepts">Whether a value is right.</param>
internal sealed record StoreSetting(string Name, string Required, Predicate<string> Accepts)
{
    /// <summary>One that must have exactly this value.</summary>
    public static StoreSetting Exactly(string name, string value) =>
        new(name, value.Length == 0 ? "\"\"" : value, found => string.Equals(found, value, StringComparison.Ordinal));
}

/// <summary>Everything that is checked on every server.</summary>
internal static class StoreSettings
{
    private const string Nothing = "0";

    /// <summary>Refusals in the ACL log: they hold the names of keys, and never expire.</summary>
    public static StoreSetting AclLog { get; } = new("acl-log", "empty", static found => string.Equals(found, Nothing, StringComparison.Ordinal));

    /// <summary>The server's clock: where it is not told, nobody knows which salt outlives its epoch.</summary>
    public static StoreSetting Clock { get; } = new("clock", "told", static found => found.Length > 0);

    /// <summary>What the server says that it does, whatever it is configured to do: no save since it started, and no append-only file.</summary>
    public static StoreSetting Persistence { get; } = new("persistence", "none", static found => found.Length == 0);

    /// <summary>A replica's connection to its master: while that is down nothing is deleted there, and what has expired stays in its memory.</summary>
    public static StoreSetting Replication { get; } = StoreSetting.Exactly("replication", "up");

    /// <summary>What CONFIG GET is asked for.</summary>
    public static IReadOnlyList<StoreSetting> Configured { get; } =
    [
        StoreSetting.Exactly("save", string.Empty),
        StoreSetting.Exactly("appendonly", "no"),
        StoreSetting.Exactly("repl-diskless-sync", "yes"),
        StoreSetting.Exactly("repl-diskless-load", "swapdb"),
        StoreSetting.Exactly("rdb-del-sync-files", "yes"),
        StoreSetting.Exactly("slowlog-log-slower-than", "-1"),
        StoreSetting.Exactly("crash-log-enabled", "no"),
        StoreSetting.Exactly("maxmemory-policy", "volatile-ttl"),
        new("maxmemory", "more than 0", static found => long.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0),
    ];

    /// <summary>All of them, in the order of reports.</summary>
    public static IReadOnlyList<StoreSetting> All { get; } = [.. Configured, AclLog, Persistence, Clock, Replication];

    /// <summary>Those by which memory would reach a disk.</summary>
    public static IReadOnlyList<StoreSetting> OfTheDisk { get; } =
        [.. Configured.Where(static setting => setting.Name is "save" or "appendonly" or "repl-diskless-sync" or "repl-diskless-load" or "rdb-del-sync-files"), Persistence];

    /// <summary>The name used in metrics and reports.</summary>
    public static string Name(this SettingState state) => state switch
    {
        SettingState.Ok => "ok",
        SettingState.Wrong => "wrong",
        SettingState.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without a name."),
    };
}
