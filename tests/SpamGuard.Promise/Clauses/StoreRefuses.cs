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
        await using var connection = await world.Redis.ConnectAsync(RedisAccount.Scorer);
        var scorer = connection.GetDatabase();
        await scorer.ExecuteAsync("PSETEX", Kept, (long)KeptFor.TotalMilliseconds, "1");
        findings.Must(await scorer.StringGetAsync(Kept) == "1", "PSETEX and GET are allowed, or the service could do nothing");

        var allowed = new List<string>();
        foreach (var command in Commands)
        {
            string[] words = command.Split(' ');
            if (!await RefusedAsync(() => scorer.ExecuteAsync(words[0], [.. words[1..]])))
            {
                allowed.Add(command);
            }

            if (!await RefusedAsync(() => scorer.ExecuteAsync("EVAL", [Script, 2, Kept, Fresh, .. words])))
            {
                allowed.Add($"{command}, in a script");
            }

            await world.Redis.Admin.KeyDeleteAsync(Fresh); // what was not refused must not fail another clause
            await scorer.ExecuteAsync("PSETEX", Kept, (long)KeptFor.TotalMilliseconds, "1");
        }

        findings.Must(
            allowed.Count == 0, $"{Commands.Length} dangerous commands, each by itself and in a script: {(2 * Commands.Length) - allowed.Count} of {2 * Commands.Length} refused{Named(allowed)}");
        foreach (var life in (string[])["0", "-1"])
        {
            findings.Must(await RefusedAsync(() => scorer.ExecuteAsync("PSETEX", Fresh, life, "1")), $"PSETEX with a life of {life} ms is refused");
        }

        findings.Must(await RefusedAsync(() => scorer.ExecuteAsync("PSETEX", "other:key", 1000, "1")), "keys outside of sg: are refused");
        await world.Redis.Admin.KeyDeleteAsync(Kept);
    }

    private static string Named(List<string> allowed) => allowed.Count == 0 ? "" : $"; not {string.Join("; ", allowed)}";

    private static async Task<bool> RefusedAsync(Func<Task<RedisResult>> send)
    {
        try
        {
            await send().DefaultTimeout();
            return false;
        }
        catch (RedisServerException)
        {
            return true;
        }
    }
}
