using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SpamGuard.Promise.Clauses;
using SpamGuard.Promise.World;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using StackExchange.Redis;

namespace SpamGuard.Promise.Sabotages;

/// <summary>What sabotages do while all runs.</summary>
internal static class Deeds
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longer = TimeSpan.FromMinutes(10);

    /// <summary>One deed at one moment.</summary>
    public static Func<RunningWorld, Moment, Task> At(Moment when, Func<RunningWorld, Task> deed) => (world, moment) => moment == when ? deed(world) : Task.CompletedTask;

    /// <summary>One deed that takes no time.</summary>
    public static Task Done(Action deed)
    {
        deed();
        return Task.CompletedTask;
    }

    /// <summary>Keeps something at a moment, and uses it at a later one.</summary>
    public static Func<RunningWorld, Moment, Task> Kept(
        Moment first, Func<RunningWorld, Task<Dictionary<string, byte[]>>> keep, Moment then, Func<RunningWorld, Dictionary<string, byte[]>, Task> use)
    {
        var kept = new ConditionalWeakTable<RunningWorld, Dictionary<string, byte[]>>();
        return async (world, moment) =>
        {
            if (moment == first)
            {
                kept.Add(world, await keep(world));
            }
            else if (moment == then)
            {
                await use(world, kept.GetOrCreateValue(world));
            }
        };
    }

    /// <summary>The scorer's account stores a value by a PSETEX of its own.</summary>
    public static Task PlantAsync(RunningWorld world, byte[] value, TimeSpan? life = null) => PsetexAsync(world.Redis, Planted(value, life), value, life ?? Hour);

    /// <summary>The admin stores a value without a life.</summary>
    public static Task PlantForeverAsync(RunningWorld world) => world.Redis.Admin.StringSetAsync(Planted([], life: null), "1");

    /// <summary>The store loses every answered request.</summary>
    public static async Task ForgetRequestsAsync(RunningWorld world)
    {
        foreach (var key in (await KeyspaceSink.KeysAsync(world.Redis.Admin)).Where(static key => key.ToString().StartsWith("sg:q:", StringComparison.Ordinal)))
        {
            await world.Redis.Admin.KeyDeleteAsync(key);
        }
    }

    /// <summary>The salts as they are now.</summary>
    public static async Task<Dictionary<string, byte[]>> SaltsAsync(RunningWorld world)
    {
        var copies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var key in await TokenBook.SaltsAsync(world.Redis.Admin))
        {
            copies[key] = (byte[])(await world.Redis.Admin.StringGetAsync(key))!;
        }

        return copies;
    }

    /// <summary>Salts are put back as they were.</summary>
    public static async Task PutBackAsync(RunningWorld world, Dictionary<string, byte[]> values)
    {
        foreach (var (key, value) in values)
        {
            await world.Redis.Admin.StringSetAsync(key, value, Hour);
        }
    }

    /// <summary>Old salts are put back as if they were newer than those of a roll.</summary>
    public static async Task PutBackAsNewerAsync(RunningWorld world, Dictionary<string, byte[]> salts)
    {
        var generation = (uint)await TokenBook.SecondAsync(world.Redis.Admin) + 100;
        await PutBackAsync(world, salts.ToDictionary(static salt => salt.Key, salt => (EpochRecord.Read(salt.Value) with { Generation = generation }).Pack(), StringComparer.Ordinal));
    }

    /// <summary>The scorer's account puts a salt of its own in the place of the one in force.</summary>
    public static async Task OverwriteSaltAsync(RunningWorld world)
    {
        var now = await TokenBook.SecondAsync(world.Redis.Admin);
        var calendar = new EpochCalendar();
        var epoch = calendar.At(RetentionClass.Address, now);
        var key = Keys.Epoch(epoch);
        var held = EpochRecord.Read((byte[])(await world.Redis.Admin.StringGetAsync(key))!);
        await PsetexAsync(world.Redis, key, (held with { Salt = RandomNumberGenerator.GetBytes(EpochRecord.SaltSize) }).Pack(), TimeSpan.FromSeconds(calendar.End(epoch) - now));
    }

    /// <summary>The scorer's account writes the salt before the one in force once more, with all the life that salts may have.</summary>
    public static async Task WidenSaltAsync(RunningWorld world)
    {
        var key = Keys.Epoch(new EpochCalendar().At(RetentionClass.Address, await TokenBook.SecondAsync(world.Redis.Admin)).Previous);
        await PsetexAsync(world.Redis, key, (byte[])(await world.Redis.Admin.StringGetAsync(key))!, TimeSpan.FromSeconds(RetentionClass.Address.CapSeconds));
    }

    /// <summary>What is held on the person's address.</summary>
    public static async Task<Dictionary<string, byte[]>> RecordsOfThePersonAsync(RunningWorld world)
    {
        var copies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var key in await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, ErasureErases.Address))
        {
            copies[key] = (byte[])(await world.Redis.Admin.StringGetAsync(key))!;
        }

        return copies;
    }

    /// <summary>A token of the person's address becomes a value.</summary>
    public static async Task KeepTokenAsync(RunningWorld world) =>
        await PlantAsync(world, Base64Url.DecodeFromChars((await TokenBook.AddressTokensAsync(world.Redis.Admin, world.Pepper.Bytes, ErasureErases.Address))[0]));

    /// <summary>In the fast epochs the scorer's account writes the salt once more, with a longer life.</summary>
    public static async Task LengthenSaltAsync(RunningWorld world)
    {
        var redis = world.Store(EpochsEnd.Store);
        var key = Keys.Epoch(await FastEpochAsync(redis));
        await PsetexAsync(redis, key, (byte[])(await redis.Admin.StringGetAsync(key))!, Longer);
    }

    /// <summary>In the fast epochs the scorer's account writes a record once more, with a longer life.</summary>
    public static async Task LengthenRecordAsync(RunningWorld world)
    {
        var redis = world.Store(EpochsEnd.Store);
        RedisKey key = $"sg:a:{{{(await TokenBook.AddressTokensAsync(redis.Admin, world.Pepper.Bytes, EpochsEnd.Address))[0]}}}";
        await PsetexAsync(redis, key, (byte[])(await redis.Admin.StringGetAsync(key))!, Longer);
    }

    /// <summary>In the fast epochs the salt is planted as that of the next epoch too, before anybody makes one: its tokens go on.</summary>
    public static async Task ReuseSaltAsync(RunningWorld world)
    {
        var redis = world.Store(EpochsEnd.Store);
        var epoch = await FastEpochAsync(redis);
        var life = TimeSpan.FromSeconds(EpochsEnd.Calendar.End(epoch.Next) - await TokenBook.SecondAsync(redis.Admin));
        await PsetexAsync(redis, Keys.Epoch(epoch.Next), (byte[])(await redis.Admin.StringGetAsync(Keys.Epoch(epoch)))!, life);
    }

    /// <summary>Mounts a file of callers with something else in the place of a text in it.</summary>
    public static Task CallersAsync(RunningWorld world, string text, string instead) =>
        Done(() => world.Callers.Mounted.Exchange("callers.yaml", Callers.File.Replace(text, instead, StringComparison.Ordinal)));

    /// <summary>Changes what the desk's account may do.</summary>
    public static Task RuleAsync(RunningWorld world, string rule) => world.Redis.Admin.ExecuteAsync("ACL", "SETUSER", RedisAccount.Desk.Name, rule);

    /// <summary>Adds an authority that nobody should trust to a file of authorities.</summary>
    public static async Task TrustStrangerAsync(RunningWorld world, string path) => await File.AppendAllTextAsync(path, "\n" + await File.ReadAllTextAsync(world.Stranger.CaPath));

    // A key for each deed: those that share a walk must not undo one another.
    private static string Planted(byte[] value, TimeSpan? life) => $"sg:a:{{{Convert.ToHexStringLower(SHA256.HashData([.. value, .. BitConverter.GetBytes(life?.Ticks ?? 0)]))[..16]}}}";

    private static async Task<EpochId> FastEpochAsync(TlsRedis redis) => EpochsEnd.Calendar.At(RetentionClass.Address, await TokenBook.SecondAsync(redis.Admin));

    /// <summary>The scorer's account writes a value.</summary>
    public static async Task PsetexAsync(TlsRedis redis, RedisKey key, byte[] value, TimeSpan life)
    {
        await using var scorer = await redis.ConnectAsync(RedisAccount.Scorer);
        await scorer.GetDatabase().ExecuteAsync("PSETEX", key, (long)life.TotalMilliseconds, value);
    }
}
