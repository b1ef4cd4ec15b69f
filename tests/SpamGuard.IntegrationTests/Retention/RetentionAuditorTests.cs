using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Desk.Audit;
using SpamGuard.Retention;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>The auditor on a real Redis, as the auditor of a deployment.</summary>
[Collection(nameof(RedisCollection))]
public sealed class RetentionAuditorTests(RedisFixture redis) : IAsyncLifetime
{
    private const int ShortLived = 20_000;
    private const int LongLived = 280_000;
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    private AuditorUnderTest? _auditor;

    private AuditorUnderTest Auditor => _auditor!;

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        _auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor));
    }

    public async Task DisposeAsync()
    {
        await Auditor.DisposeAsync();
        await redis.FlushAsync();
    }

    [Fact]
    public async Task Pass_OverADeploymentsStore_IsClean()
    {
        await redis.Admin.StringSetAsync("sg:a:{token}", "1", TimeSpan.FromSeconds(RetentionClass.Address.CapSeconds)).DefaultTimeout();
        await PlantSaltAsync(epochsAgo: 0, longer: TimeSpan.Zero);
        await redis.Admin.StringSetAsync("sg:w:all", "1", TimeSpan.FromDays(30)).DefaultTimeout();

        var report = await Auditor.RunAsync().DefaultTimeout();

        Assert.Equal(AuditOutcome.Clean, report.Outcome);
        Assert.All(report.Settings, static finding => Assert.Equal((finding.Setting.Name, SettingState.Ok), (finding.Setting.Name, finding.State)));
        Assert.Equal(StoreSettings.All, report.Settings.Select(static finding => finding.Setting));
        var visit = Assert.Single(report.Visits);
        Assert.Equal((true, 3L, 0L), (visit.IsMaster, visit.Keys, visit.Expired));
        Assert.InRange(Tally(report, 'a').LargestRemaining, 1, RetentionClass.Address.CapSeconds * 1000);
        Assert.Equal(3, await KeysAsync());
        Assert.Empty((RedisResult[])(await redis.Admin.ExecuteAsync("ACL", "LOG").DefaultTimeout())!);
    }

    [Fact]
    public async Task Pass_OverExpiredKeysAmongManyThatLive_FreesThem()
    {
        await PlantAsync("sg:n:{l", LongLived, TimeSpan.FromDays(1));
        await PlantAsync("sg:a:{s", ShortLived, TimeSpan.FromSeconds(2));
        await Poll.UntilAsync(async () => (long)await redis.Admin.ExecuteAsync("PTTL", $"sg:a:{{s{ShortLived - 1}}}") == AuditedServer.Gone).DefaultTimeout();

        // Redis' own expiry samples: it leaves nearly all where few of many have expired.
        var before = await KeysAsync();
        var report = await Auditor.RunAsync().TimeoutAfter(TimeSpan.FromMinutes(2));

        Assert.InRange(before, LongLived + (ShortLived * 9 / 10), LongLived + ShortLived);
        Assert.Equal(LongLived, await KeysAsync());
        Assert.InRange(report.Expired, ShortLived / 2, ShortLived);
        Assert.Equal((AuditOutcome.Clean, LongLived), (report.Outcome, (int)Tally(report, 'n').Keys));
    }

    [Fact]
    public async Task Pass_OverKeysThatMayNotBeThere_DeletesAndTellsThem()
    {
        await redis.Admin.StringSetAsync("sg:a:{forever}", "1").DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:w:all", "1").DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:n:{tenyears}", "1", TenYears).DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:e:a7", "1", TimeSpan.FromDays(8)).DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:z:{forever}", "1").DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:z:{tenyears}", "1", TenYears).DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:z:{newer}", "1", TimeSpan.FromDays(1)).DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:n:{lawful}", "1", TimeSpan.FromDays(29)).DefaultTimeout();
        await redis.Admin.StringSetAsync("other:x", "1").DefaultTimeout();

        var report = await Auditor.RunAsync().DefaultTimeout();
        var next = await Auditor.RunAsync().DefaultTimeout();

        Assert.Equal(AuditOutcome.Violation, report.Outcome);
        Assert.Equal((3L, 3L, 1L), (report.Found(KeyFault.WithoutTtl), report.Found(KeyFault.OverCap), report.Found(KeyFault.UnknownKind)));
        Assert.Equal((3L, 3L, 0L), (report.Deleted(KeyFault.WithoutTtl), report.Deleted(KeyFault.OverCap), report.Deleted(KeyFault.UnknownKind)));
        Assert.Equal((1L, 1L), (report.Remaining, report.Foreign));
        Assert.InRange(Tally(report, 'n').LargestRemaining, (long)TimeSpan.FromDays(3649).TotalMilliseconds, long.MaxValue);
        Assert.Equal(["other:x", "sg:n:{lawful}", "sg:z:{newer}"], await NamesAsync());
        Assert.Equal((0L, 0L, 1L), (next.Found(KeyFault.WithoutTtl), next.Found(KeyFault.OverCap), next.Found(KeyFault.UnknownKind)));
    }

    [Fact]
    public async Task Pass_OverASaltThatWouldOutliveItsEpoch_DeletesItThoughItIsWithinItsCap()
    {
        await PlantSaltAsync(epochsAgo: 0, longer: TimeSpan.Zero);
        var longer = await PlantSaltAsync(epochsAgo: 1, longer: TimeSpan.FromMinutes(1));

        var report = await Auditor.RunAsync().DefaultTimeout();

        Assert.Equal((1L, 1L, AuditOutcome.Violation), (report.Found(KeyFault.OverCap), report.Deleted(KeyFault.OverCap), report.Outcome));
        Assert.DoesNotContain(longer, await NamesAsync());
        Assert.Equal(1, await KeysAsync());
    }

    [Fact]
    public async Task Pass_OverASaltOfAnEpochThatCantBeMadeYet_DeletesItThoughItIsWithinItsCap()
    {
        await PlantSaltAsync(epochsAgo: 0, longer: TimeSpan.Zero);
        var early = await PlantSaltAsync(epochsAgo: -2, longer: TimeSpan.FromDays(-7)); // begins in 3.5 to 7 days

        var report = await Auditor.RunAsync().DefaultTimeout();

        Assert.Equal((1L, 1L, AuditOutcome.Violation), (report.Found(KeyFault.OverCap), report.Deleted(KeyFault.OverCap), report.Outcome));
        Assert.DoesNotContain(early, await NamesAsync());
        Assert.Equal(1, await KeysAsync());
    }

    [Fact]
    public async Task Pass_OverASaltMadeTenMinutesAhead_LeavesIt()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var epoch = new EpochCalendar().At(RetentionClass.Address, now).Next;
        var key = System.Text.Encoding.ASCII.GetString(SpamGuard.Storage.Keys.Epoch(epoch));
        await redis.Admin.StringSetAsync(key, "1", TimeSpan.FromDays(6)).DefaultTimeout();
        foreach (var (ahead, isLawful) in new[] { (900, true), (960, false) })
        {
            // By a calendar whose next epoch begins so many seconds from now.
            var calendar = new EpochCalendar(phaseSeconds: new EpochCalendar().Start(epoch) - now - ahead);

            var report = await Auditor.RunAsync(dryRun: true, calendar).DefaultTimeout();

            Assert.Equal(isLawful ? 0 : 1, report.Found(KeyFault.OverCap));
        }
    }

    [Fact]
    public async Task Judge_ClockIsSetBackSinceTheWalkBegan_LeavesASaltThatIsLawful()
    {
        var time = new FakeTimeProvider();
        await using var auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor), time: time);
        var salt = await PlantSaltAsync(epochsAgo: 0, longer: TimeSpan.Zero);
        var server = Assert.Single((await auditor.Store.ServersAsync()).Servers);
        var pass = auditor.Pass();
        await pass.WalkAsync(server, isMaster: true, CancellationToken.None).DefaultTimeout();

        time.Advance(TimeSpan.FromDays(1)); // by this clock and the reading of before it is a day later than by the store's
        await pass.JudgeAsync(server, isMaster: true, [salt], CancellationToken.None).DefaultTimeout();

        Assert.Equal([salt], await NamesAsync());
        Assert.All(pass.Tallies, static tally => Assert.Equal(0, KeyFaults.All.Sum(tally.Found)));
    }

    [Fact]
    public async Task Pass_Dry_DeletesNothing()
    {
        await redis.Admin.StringSetAsync("sg:a:{forever}", "1").DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:a:{tenyears}", "1", TenYears).DefaultTimeout();

        var report = await Auditor.RunAsync(dryRun: true).DefaultTimeout();

        Assert.Equal((AuditOutcome.Violation, 2L, 0L), (report.Outcome, report.Remaining, report.Deleted(KeyFault.WithoutTtl) + report.Deleted(KeyFault.OverCap)));
        Assert.Equal(2, await KeysAsync());
    }

    [Fact]
    public async Task Judge_KeyThatWasWrittenAnewSinceItWasMet_IsLeft()
    {
        // The first reading is of another database, where the key never ends; the second finds what was written since.
        const int Before = 3;
        const string Key = "sg:a:{renewed}";
        await redis.AdminConnection.GetDatabase(Before).StringSetAsync(Key, "1").DefaultTimeout();
        await redis.Admin.StringSetAsync(Key, "1", TimeSpan.FromDays(1)).DefaultTimeout();
        var options = RedisSettings.Connect(redis.Endpoint, RedisAccount.Admin);
        options.DefaultDatabase = Before;
        await using var earlier = await ConnectionMultiplexer.ConnectAsync(options).DefaultTimeout();
        var server = new AuditedServer(earlier.GetServers()[0]);
        Assert.Equal(AuditedServer.Forever, Assert.Single(await server.RemainingAsync([Key]).DefaultTimeout()));
        var pass = Auditor.Pass();

        await pass.JudgeAsync(server, isMaster: true, [Key], CancellationToken.None).DefaultTimeout();

        Assert.Equal(0, pass.Remaining);
        Assert.All(pass.Tallies, static tally => Assert.Equal(0, KeyFaults.All.Sum(tally.Found)));
        Assert.Equal(1, await KeysAsync());
    }

    [Fact]
    public async Task Pass_DuringWrites_DeletesNothingLawful()
    {
        await PlantAsync("sg:n:{l", 20_000, TimeSpan.FromDays(1));
        await using var scorer = await redis.ConnectAsync(RedisAccount.Scorer, RedisFixture.NarrowCommands);
        var database = scorer.GetDatabase();
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await database.ExecuteAsync("PSETEX", $"sg:a:{{w{written++}}}", 86_400_000, "v");
                await database.ExecuteAsync("PSETEX", $"sg:n:{{l{written}}}", 86_400_000, "v");
            }
        });

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AuditOutcome.Clean, (await Auditor.RunAsync().DefaultTimeout()).Outcome);
        }

        await stop.CancelAsync();
        await writing.DefaultTimeout();
        Assert.Equal(20_000 + written + Math.Max(0, written - 19_999), await KeysAsync());
    }

    [Fact]
    public async Task Pass_ByItsPace_AsksForNoMoreKeysThanItMay()
    {
        const int keys = 4000;
        const int perSecond = 1000;
        await PlantAsync("sg:a:{k", keys, TimeSpan.FromDays(1));
        await redis.Admin.ExecuteAsync("CONFIG", "RESETSTAT").DefaultTimeout();
        var time = new FakeTimeProvider();
        await using var auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor), time: time, keysPerSecond: perSecond);

        var pass = auditor.RunAsync();
        var seconds = 0.0;
        while (!pass.IsCompleted)
        {
            // A page is paid for when it is asked for, and a stall lets a tenth of a second's worth through.
            var allowed = (perSecond * (seconds + .1)) + (2 * AuditPass.PageSize);
            Assert.InRange(await CallsAsync("pttl"), 0, (long)allowed);
            time.Advance(TimeSpan.FromMilliseconds(50));
            seconds += .05;
        }

        var report = await pass;
        Assert.Equal(keys, report.Visits[0].Keys);
        Assert.Equal(keys, await CallsAsync("pttl"));
        Assert.InRange(report.Duration.TotalSeconds, (keys / (double)perSecond) - .5, double.MaxValue);
    }

    [Fact]
    public async Task Auditor_ReadsNoValue()
    {
        await redis.Admin.StringSetAsync("sg:a:{forever}", "1").DefaultTimeout();
        await redis.Admin.ExecuteAsync("CONFIG", "RESETSTAT").DefaultTimeout();

        await Auditor.RunAsync().DefaultTimeout();

        Assert.Equal(0, await CallsAsync("get"));
        Assert.Equal(1, await CallsAsync("unlink"));
        await using var account = await redis.ConnectAsync(RedisAccount.Auditor, RedisFixture.NarrowCommands);
        foreach (var command in new[] { "GET", "DUMP", "GETEX", "STRLEN", "DEL" })
        {
            var error = await Assert.ThrowsAsync<RedisServerException>(() => account.GetDatabase().ExecuteAsync(command, "sg:a:{x}").DefaultTimeout());
            Assert.StartsWith("NOPERM", error.Message, StringComparison.Ordinal);
        }
    }

    private static KeyTally Tally(AuditReport report, char letter) => report.Tallies.First(tally => tally.Kind?.Letter == letter);

    private async Task<long> KeysAsync() => (long)await redis.Admin.ExecuteAsync("DBSIZE").DefaultTimeout();

    private async Task<IReadOnlyList<string>> NamesAsync() =>
        [.. ((string[])(await redis.Admin.ExecuteAsync("KEYS", "*").DefaultTimeout())!).Order(StringComparer.Ordinal)];

    private async Task<string> PlantSaltAsync(int epochsAgo, TimeSpan longer)
    {
        var (calendar, now) = (new EpochCalendar(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var current = calendar.At(RetentionClass.Address, now);
        var epoch = current with { Number = current.Number - epochsAgo };
        var key = System.Text.Encoding.ASCII.GetString(SpamGuard.Storage.Keys.Epoch(epoch));
        await redis.Admin.StringSetAsync(key, "1", TimeSpan.FromSeconds(calendar.End(epoch) - now) + longer).DefaultTimeout();
        return key;
    }

    private Task PlantAsync(string prefix, int count, TimeSpan life) => KeyPlanter.PlantAsync(redis.Admin, prefix, count, life);

    private async Task<long> CallsAsync(string command)
    {
        var stats = (await redis.AdminConnection.GetServers()[0].InfoAsync("commandstats").DefaultTimeout()).SelectMany(static group => group);
        var line = stats.FirstOrDefault(pair => pair.Key == $"cmdstat_{command}").Value;
        return line is null ? 0 : long.Parse(line.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }
}
