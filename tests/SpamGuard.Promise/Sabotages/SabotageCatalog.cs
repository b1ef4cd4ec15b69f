using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.Sabotages;

/// <summary>Every switch. Each breaks one thing and must fail one clause.</summary>
internal static class SabotageCatalog
{
    private const string Planted = "sg:a:{planted-sabotage}";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    public static IReadOnlyList<Sabotage> All { get; } =
    [
        new("plain-address", "hash only", "the scorer's account stores an address as its four bytes, for an hour")
        {
            Act = static (world, moment) => moment == Moment.Busy ? PlantAsync(world, Canaries.V4Bytes, Hour) : Task.CompletedTask,
        },
        new("sha256-address", "hash only", "the scorer's account stores the SHA-256 of an address, for an hour")
        {
            Act = static (world, moment) => moment == Moment.Busy
                ? PlantAsync(world, System.Security.Cryptography.SHA256.HashData(Canaries.V4Bytes), Hour)
                : Task.CompletedTask,
        },
        new("ten-years", "every key has a life", "the scorer's account stores a value for ten years, by a PSETEX of its own")
        {
            Act = static (world, moment) => moment == Moment.Busy ? PlantAsync(world, [1], TenYears) : Task.CompletedTask,
        },
        new("no-expiry", "every key has a life", "the admin stores a value that never expires")
        {
            Act = static (world, moment) => moment == Moment.Busy ? world.Redis.Admin.StringSetAsync(Planted, "1") : Task.CompletedTask,
        },
        new("grant-set", "no value without an expiry", "the scorer's account may SET") { Grant = "+set" },
        new("grant-persist", "no value without an expiry", "the scorer's account may PERSIST") { Grant = "+persist" },
        new("save-60-1", "nothing reaches a disk", "Redis writes a snapshot a minute (save 60 1)") { Redis = ["--save", "60 1"] },
        new("append-only", "nothing reaches a disk", "Redis writes its append-only file") { Redis = ["--appendonly", "yes"] },
        new("slow-log", "nothing reaches a disk", "Redis keeps commands in its slow log") { Redis = ["--slowlog-log-slower-than", "0"] },
        new("diagnostics", "nothing reaches a disk", "the service can be made to write a dump")
        {
            Service = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableDiagnostics"] = "1" },
        },
        new("crash-dumps", "nothing reaches a disk", "the service writes its memory to a file when it crashes")
        {
            Service = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_DbgEnableMiniDump"] = "1" },
        },
        new("plaintext", "transport to the store", "Redis also listens in the clear") { PlaintextPort = true },
        new("no-certificate", "transport to the store", "Redis speaks with clients that show no certificate") { Redis = ["--tls-auth-clients", "no"] },
        new("forgotten-request", "a retry counts nothing", "the store forgets the answered request before its retry")
        {
            Act = static (world, moment) => moment == Moment.BeforeRetry ? ForgetRequestsAsync(world) : Task.CompletedTask,
        },
        new("pepper-in-redis", "the pepper is elsewhere", "the scorer's account stores the pepper, for an hour")
        {
            Act = static (world, moment) => moment == Moment.Busy ? PlantAsync(world, world.Pepper.Bytes, Hour) : Task.CompletedTask,
        },
        new("kept-salt", "what a salt made ends with it", "the salts are copied before they end, and put back")
        {
            Act = KeptSalt(),
        },
    ];

    private static async Task PlantAsync(RunningWorld world, byte[] value, TimeSpan life)
    {
        await using var scorer = await world.Redis.ConnectAsync(RedisAccount.Scorer);
        await scorer.GetDatabase().ExecuteAsync("PSETEX", Planted, (long)life.TotalMilliseconds, value);
    }

    private static async Task ForgetRequestsAsync(RunningWorld world)
    {
        foreach (var key in (await KeyspaceSink.KeysAsync(world.Redis.Admin)).Where(static key => key.ToString().StartsWith("sg:q:", StringComparison.Ordinal)))
        {
            await world.Redis.Admin.KeyDeleteAsync(key);
        }
    }

    private static Func<RunningWorld, Moment, Task> KeptSalt()
    {
        var kept = new System.Runtime.CompilerServices.ConditionalWeakTable<RunningWorld, Dictionary<string, byte[]>>();
        return async (world, moment) =>
        {
            var copies = kept.GetOrCreateValue(world);
            if (moment == Moment.SaltsEnding)
            {
                foreach (var key in await TokenBook.SaltsAsync(world.Redis.Admin))
                {
                    copies[key] = (byte[])(await world.Redis.Admin.StringGetAsync(key))!;
                }
            }
            else if (moment == Moment.SaltsGone)
            {
                foreach (var (key, salt) in copies)
                {
                    await world.Redis.Admin.StringSetAsync(key, salt, Hour);
                }
            }
        };
    }
}
