using SpamGuard.Desk.Audit;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>Every setting of the store by which what expires could live on, on a Redis of its own.</summary>
public sealed class StoreSettingsTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    /// <summary>A setting, what is wrong, and what is right.</summary>
    public static TheoryData<string, string, string> Flipped => new()
    {
        { "save", "60 1", "" },
        { "appendonly", "yes", "no" },
        { "repl-diskless-sync", "no", "yes" },
        { "repl-diskless-load", "disabled", "swapdb" },
        { "rdb-del-sync-files", "no", "yes" },
        { "slowlog-log-slower-than", "10000", "-1" },
        { "crash-log-enabled", "yes", "no" },
        { "maxmemory-policy", "noeviction", "volatile-ttl" },
        { "maxmemory", "0", "2147483648" },
    };

    [Fact]
    public void Flipped_IsEverySettingThatIsConfigured() =>
        Assert.Equal(StoreSettings.Configured.Select(static setting => setting.Name), Flipped.Select(static row => (string)row[0]));

    [Theory]
    [MemberData(nameof(Flipped))]
    public async Task Pass_SettingIsWrong_SaysSoUntilItIsRight(string setting, string wrong, string right)
    {
        await using var auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor));
        await SetAsync(setting, wrong);
        var before = await auditor.RunAsync().DefaultTimeout();
        await SetAsync(setting, right);
        await redis.Admin.ExecuteAsync("CONFIG", "RESETSTAT").DefaultTimeout(); // to turn an append-only file on saves once

        AuditReport after = null!;
        await Poll.UntilAsync(async () => (after = await auditor.RunAsync()).Outcome == AuditOutcome.Clean).DefaultTimeout();

        var finding = before.Settings.Single(finding => finding.Setting.Name == setting);
        Assert.Equal((AuditOutcome.Violation, SettingState.Wrong, wrong), (before.Outcome, finding.State, Assert.Single(finding.Found)));
        Assert.All(after.Settings, static finding => Assert.Equal((SettingState.Ok, 0), (finding.State, finding.Found.Count)));
    }

    [Fact]
    public async Task Pass_AppendOnlyFileIsOn_IsPersistence()
    {
        await using var auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor));
        await SetAsync("appendonly", "yes");
        var report = await auditor.RunAsync().DefaultTimeout();
        await SetAsync("appendonly", "no");
        await redis.Admin.ExecuteAsync("CONFIG", "RESETSTAT").DefaultTimeout();

        Assert.Contains("an append-only file", Assert.Single(Finding(report, StoreSettings.Persistence).Found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pass_AfterASaveByHand_IsPersistence()
    {
        await using var auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor));
        await redis.Admin.ExecuteAsync("SAVE").DefaultTimeout();
        var report = await auditor.RunAsync().DefaultTimeout();
        await redis.Admin.ExecuteAsync("CONFIG", "RESETSTAT").DefaultTimeout();

        Assert.Equal("a save since it started", Assert.Single(Finding(report, StoreSettings.Persistence).Found));
    }

    [Fact]
    public async Task Pass_RefusalsInTheAclLog_AreCountedAndForgotten()
    {
        await redis.FlushAsync();
        await using (var account = await redis.ConnectAsync(RedisAccount.Auditor, RedisFixture.NarrowCommands))
        {
            await Assert.ThrowsAsync<RedisServerException>(() => account.GetDatabase().ExecuteAsync("GET", "sg:a:{x}").DefaultTimeout());
        }

        await using var auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Auditor));
        var dry = await auditor.RunAsync(dryRun: true).DefaultTimeout();
        var first = await auditor.RunAsync().DefaultTimeout();
        var second = await auditor.RunAsync().DefaultTimeout();

        Assert.Equal((SettingState.Wrong, "1"), (Finding(dry, StoreSettings.AclLog).State, Assert.Single(Finding(dry, StoreSettings.AclLog).Found)));
        Assert.Equal("user auditor by command, 1 times", Assert.Single(first.Refusals).ToString());
        Assert.Empty(second.Refusals);
        Assert.Equal((SettingState.Wrong, AuditOutcome.Violation), (Finding(first, StoreSettings.AclLog).State, first.Outcome));
        Assert.Equal((SettingState.Ok, AuditOutcome.Clean), (Finding(second, StoreSettings.AclLog).State, second.Outcome));
    }

    [Fact]
    public async Task Pass_AccountThatMayNotAsk_KnowsNothingAndIsNotClean()
    {
        await redis.FlushAsync();
        var account = new RedisAccount("narrow", "narrow-test-password");
        await redis.Admin.ExecuteAsync(
            "ACL", "SETUSER", account.Name, "on", $">{account.Password}", "~sg:*", "resetchannels", "-@all", "+scan", "+pttl", "+unlink", "+dbsize", "+info", "+ping", "+echo", "+hello", "+auth", "+client|setname", "+client|id").DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:a:{forever}", "1").DefaultTimeout();
        AuditReport report;
        await using (var auditor = await AuditorUnderTest.OpenAsync(redis.ConnectionString(account)))
        {
            await redis.Admin.ExecuteAsync("ACL", "LOG", "RESET").DefaultTimeout(); // the driver asks at connecting, too
            report = await auditor.RunAsync().DefaultTimeout();
        }

        var questions = ((RedisResult[])(await redis.Admin.ExecuteAsync("ACL", "LOG").DefaultTimeout())!).Select(static entry => entry.ToDictionary(StringComparer.Ordinal));
        await redis.Admin.ExecuteAsync("ACL", "DELUSER", account.Name).DefaultTimeout();
        await redis.FlushAsync();

        Assert.Equal(1, questions.Where(static entry => (string?)entry["object"] == "config|get").Sum(static entry => (int)entry["count"]));

        Assert.True(report.IsComplete);
        Assert.Equal((AuditOutcome.Violation, 1L), (report.Outcome, report.Deleted(KeyFault.WithoutTtl)));
        Assert.All(StoreSettings.Configured, setting => Assert.Equal((setting.Name, SettingState.Unknown), (setting.Name, Finding(report, setting).State)));
        Assert.Equal(SettingState.Unknown, Finding(report, StoreSettings.AclLog).State);
        Assert.Equal(SettingState.Ok, Finding(report, StoreSettings.Persistence).State);
    }

    private static SettingFinding Finding(AuditReport report, StoreSetting setting) => report.Settings.Single(finding => finding.Setting == setting);

    private async Task SetAsync(string setting, string value) => await redis.Admin.ExecuteAsync("CONFIG", "SET", setting, value).DefaultTimeout();
}
