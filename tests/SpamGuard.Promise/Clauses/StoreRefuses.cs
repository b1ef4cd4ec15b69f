using SpamGuard.Promise.World;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.Promise.Clauses;

/// <summary>As the scorer: every command that could store a value without an expiry, lift one, list or copy is tried, by itself and in a script.</summary>
internal sealed class StoreRefuses : IClause
{
    private const string Kept = "sg:a:{kept}";
    private const string Fresh = "sg:a:{fresh}";
    private const string Script = "return redis.call(unpack(ARGV))";
    private const string NoPermission = "NOPERM";
    private const string NoPermissionInScripts = "can't run this command";
    private const string NotFromScripts = "not allowed from script"; // whoever runs it
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private static readonly string[] Commands =
    [
        $"SET {Fresh} 1", $"SET {Fresh} 1 PX 1000", $"SETNX {Fresh} 1", $"GETSET {Kept} 1", $"MSET {Fresh} 1", $"INCR {Fresh}", $"INCRBY {Kept} 1", $"APPEND {Kept} 1",
        $"SETRANGE {Kept} 0 1", $"SETBIT {Fresh} 0 1", $"HSET {Fresh} field 1", $"LPUSH {Fresh} 1", $"SADD {Fresh} 1", $"ZADD {Fresh} 1 1", $"XADD {Fresh} * f 1", $"PFADD {Fresh} 1",
        $"PERSIST {Kept}", $"EXPIRE {Kept} 86400", $"PEXPIRE {Kept} 86400000", $"EXPIREAT {Kept} 9999999999", $"GETEX {Kept} PERSIST", $"RENAME {Kept} {Fresh}", $"COPY {Kept} {Fresh}",
        $"RESTORE {Fresh} 0 x", $"DEL {Kept}", $"UNLINK {Kept}", $"GETDEL {Kept}", $"DUMP {Kept}", "RANDOMKEY", "SCAN 0", "KEYS *", "CONFIG GET save", "CONFIG SET save 1", "SAVE", "BGSAVE", "BGREWRITEAOF",
        "REPLICAOF NO ONE", "ACL SETUSER scorer +@all", "MONITOR", "FLUSHALL", "FUNCTION LIST", "DEBUG JMAP",
    ];

    public string Name => "no value without an expiry";

    public string Promise => "The scoring account has no command that stores a value without an expiry: the store refuses it, in scripts too.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await GrantedAsync(world, findings);
        await using var connection = await world.Redis.ConnectAsync(RedisAccount.Scorer);
        var scorer = connection.GetDatabase();
        await scorer.ExecuteAsync("PSETEX", Kept, (long)KeptFor.TotalMilliseconds, "1");
        findings.Must(await scorer.StringGetAsync(Kept) == "1", "PSETEX and GET are allowed, or the service could do nothing");

        var (allowed, unscriptable) = (new List<string>(), 0);
        foreach (var command in Commands)
        {
            string[] words = command.Split(' ');
            if (await ErrorAsync(() => scorer.ExecuteAsync(words[0], [.. words[1..]])) is not { } error || !error.StartsWith(NoPermission, StringComparison.Ordinal))
            {
                allowed.Add(command);
            }

            var inScript = await ErrorAsync(() => scorer.ExecuteAsync("EVAL", [Script, 2, Kept, Fresh, .. words])) ?? "";
            if (inScript.Contains(NotFromScripts, StringComparison.Ordinal))
            {
                unscriptable++;
            }
            else if (!inScript.Contains(NoPermissionInScripts, StringComparison.Ordinal))
            {
                allowed.Add($"{command}, in a script");
            }

            await world.Redis.Admin.KeyDeleteAsync(Fresh); // what was not refused must not fail another clause
            await scorer.ExecuteAsync("PSETEX", Kept, (long)KeptFor.TotalMilliseconds, "1");
        }

        findings.Must(
            allowed.Count == 0,
            $"{Commands.Length} dangerous commands, each by itself and in a script: {(2 * Commands.Length) - allowed.Count} of {2 * Commands.Length} refused, {unscriptable} of them as no command for scripts and all others for want of permission{Named(allowed)}");
        foreach (var life in (string[])["0", "-1"])
        {
            findings.Must(await ErrorAsync(() => scorer.ExecuteAsync("PSETEX", Fresh, life, "1")) is not null, $"PSETEX with a life of {life} ms is refused");
        }

        findings.Must((await ErrorAsync(() => scorer.ExecuteAsync("PSETEX", "other:key", 1000, "1")))?.StartsWith(NoPermission, StringComparison.Ordinal) == true, "keys outside of sg: are refused");
        await world.Redis.Admin.KeyDeleteAsync(Kept);
    }

    private static string Named(List<string> allowed) => allowed.Count == 0 ? "" : $"; not {string.Join("; ", allowed)}";

    /// <summary>All commands that the store says the account has, and which of them it says write.</summary>
    private static async Task GrantedAsync(RunningWorld world, Findings findings)
    {
        var user = (RedisResult[])(await world.Redis.Admin.ExecuteAsync("ACL", "GETUSER", RedisAccount.Scorer.Name))!;
        var rules = ((string)user[Array.FindIndex(user, static part => part.ToString() == "commands") + 1]!).Split(' ');
        var granted = rules.Where(static rule => rule.StartsWith('+')).Select(static rule => rule[1..]).ToList();
        var writing = ((string[])(await world.Redis.Admin.ExecuteAsync("COMMAND", "LIST", "FILTERBY", "ACLCAT", "write"))!).Intersect(granted, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        findings.Must(
            rules[0] == "-@all" && !granted.Exists(static rule => rule.StartsWith('@')) && writing is ["psetex"],
            $"the account has {granted.Count} commands, named one by one, and of these write: {string.Join(", ", writing)}");
    }

    /// <summary>What the store answers to a command that fails; <c>null</c> where it does not.</summary>
    private static async Task<string?> ErrorAsync(Func<Task<RedisResult>> send)
    {
        try
        {
            await send().DefaultTimeout();
            return null;
        }
        catch (RedisServerException e)
        {
            return e.Message;
        }
    }
}
