using System.Diagnostics;
using System.Globalization;
using SpamGuard.Desk.Audit;
using SpamGuard.Promise.World;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using StackExchange.Redis;

namespace SpamGuard.Promise.Clauses;

/// <summary>Plants what may not be in a store, and much that has expired, and lets an auditor pass once. The store is one of its own.</summary>
internal sealed class AuditorRemoves : IClause
{
    private const int Expired = 20_000;
    private const int Page = 1000;
    private const int EpochsAgo = 5;
    private const string Forever = "sg:a:{forever}";
    private const string TenYears = "sg:n:{tenyears}";
    private const string Lawful = "sg:n:{lawful}";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "an auditor removes the rest";

    public string Promise => "What has expired is freed and what has no life or too long a one is deleted and counted, by an account that can't read a value; settings of the store are checked, and what can't be seen is never taken for right.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var redis = await world.StartRedisAsync("audited");
        var store = redis.Admin;
        RedisKey overdue = Keys.Epoch(await OverAsync(store));
        await PlantAsync(store, overdue);
        var before = (long)await store.ExecuteAsync("DBSIZE");
        findings.Must(before >= Expired, $"before: {before} keys by DBSIZE, of which {Expired} have expired; planted: one without a life, one of ten years, the salt of an epoch that is over, one lawful");

        await using var auditor = world.Launch(redis, world.Pepper.Path, ("ConnectionStrings__Auditor", redis.ConnectionString(RedisAccount.Auditor)), ("Audit__Enabled", "true"));
        await auditor.ReadyAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        await Poll.UntilAsync(async () => await PassesAsync(auditor) > 0 || watch.Elapsed > Patience).TimeoutAfter(Patience + Patience);
        var passes = await PassesAsync(auditor);
        findings.Must(passes == 1, string.Create(CultureInfo.InvariantCulture, $"{passes} pass of the auditor"));
        if (passes == 0)
        {
            return;
        }

        var after = (long)await store.ExecuteAsync("DBSIZE");
        var listed = (await KeyspaceSink.KeysAsync(store)).Count;
        var freed = await auditor.MetricAsync("spamguard_expired_keys_present");
        findings.Must(after == listed && after < Expired, string.Create(CultureInfo.InvariantCulture, $"after: {after} keys by DBSIZE, and {listed} that live: {after - listed} have expired (it says that it freed {freed})"));
        var left = await store.KeyExistsAsync([Forever, TenYears, overdue]);
        findings.Must(left == 0 && await store.KeyExistsAsync(Lawful), $"of the three that may not be there {left} are left, and the lawful one is");
        foreach (var (fault, planted) in ((KeyFault, int)[])[(KeyFault.WithoutTtl, 1), (KeyFault.OverCap, 2)])
        {
            var label = $"\"{fault.Name()}\"";
            var (found, deleted) = (await auditor.MetricAsync("spamguard_audit_faulty_keys_total", label), await auditor.MetricAsync("spamguard_audit_deleted_keys_total", label));
            findings.Must((found, deleted) == (planted, planted), string.Create(CultureInfo.InvariantCulture, $"counted as {fault.Name()}: {found} found, {deleted} deleted"));
        }

        await SettingsAsync(auditor, store, findings);
        await CantReadAsync(redis, findings);
    }

    /// <summary>An epoch whose salt must be gone for long.</summary>
    private static async Task<EpochId> OverAsync(IDatabase store)
    {
        var epoch = new EpochCalendar().At(RetentionClass.Address, await TokenBook.SecondAsync(store));
        return epoch with { Number = epoch.Number - EpochsAgo };
    }

    private static async Task PlantAsync(IDatabase store, RedisKey overdue)
    {
        await store.ExecuteAsync("DEBUG", "SET-ACTIVE-EXPIRE", "0"); // as where few of many keys have expired: Redis' own expiry then leaves them for long
        for (var first = 0; first < Expired; first += Page)
        {
            await Task.WhenAll(Enumerable.Range(first, Page).Select(i => store.StringSetAsync(string.Create(CultureInfo.InvariantCulture, $"sg:a:{{x{i}}}"), "1", TimeSpan.FromMilliseconds(1))));
        }

        await store.StringSetAsync(Forever, "1");
        await store.StringSetAsync(overdue, "1", TimeSpan.FromDays(1));
        await store.StringSetAsync(TenYears, "1", TimeSpan.FromDays(3650));
        await store.StringSetAsync(Lawful, "1", TimeSpan.FromDays(29));
    }

    private static async Task<double> PassesAsync(ServiceProcess auditor) => await auditor.MetricAsync("spamguard_audit_passes_total") ?? 0;

    /// <summary>Right and wrong as they are, and nothing unknown: whether they are right is another clause.</summary>
    private static async Task SettingsAsync(ServiceProcess auditor, IDatabase store, Findings findings)
    {
        var (ok, wrong, untrue) = (0, 0, new List<string>());
        foreach (var setting in StoreSettings.Configured)
        {
            var isRight = setting.Accepts(((RedisResult[])(await store.ExecuteAsync("CONFIG", "GET", setting.Name))!)[1].ToString());
            var state = await StateAsync(auditor, setting);
            (ok, wrong) = isRight ? (ok + 1, wrong) : (ok, wrong + 1);
            if (state != (isRight ? SettingState.Ok : SettingState.Wrong))
            {
                untrue.Add($"{setting.Name} is {(isRight ? "right" : "wrong")}, and to the auditor {state.Name()}");
            }
        }

        findings.Must(untrue.Count == 0, $"of {StoreSettings.Configured.Count} settings {ok} are ok and {wrong} wrong, " + (untrue.Count == 0 ? "and the auditor says the same; none is unknown to it" : $"but {string.Join("; ", untrue)}"));
    }

    private static async Task<SettingState> StateAsync(ServiceProcess auditor, StoreSetting setting)
    {
        foreach (var state in Enum.GetValues<SettingState>())
        {
            if (await auditor.MetricAsync("spamguard_store_setting", $"setting=\"{setting.Name}\",state=\"{state.Name()}\"") == 1)
            {
                return state;
            }
        }

        return SettingState.Unknown;
    }

    private static async Task CantReadAsync(TlsRedis redis, Findings findings)
    {
        await using var connection = await redis.ConnectAsync(RedisAccount.Auditor);
        var (refused, allowed) = (0, new List<string>());
        foreach (var command in (string[][])[["GET", Lawful], ["MGET", Lawful], ["GETRANGE", Lawful, "0", "1"], ["DUMP", Lawful], ["STRLEN", Lawful], ["GETEX", Lawful], ["EVAL", "return redis.call('GET', KEYS[1])", "1", Lawful]])
        {
            try
            {
                await connection.GetDatabase().ExecuteAsync(command[0], [.. command[1..]]).DefaultTimeout();
                allowed.Add(command[0]);
            }
            catch (RedisServerException)
            {
                refused++;
            }
        }

        findings.Must(allowed.Count == 0, $"its account is refused {refused} of {refused + allowed.Count} commands that read a value{(allowed.Count == 0 ? "" : $", not {string.Join(", ", allowed)}")}");
    }
}
