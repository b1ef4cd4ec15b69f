extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using StackExchange.Redis;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard audit retention</c> on a real Redis: what a script sees.</summary>
public sealed class AuditRetentionTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly string _file = Path.GetTempFileName();

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        await File.WriteAllTextAsync(_file, redis.ConnectionString(RedisAccount.Auditor) + "\n");
    }

    public Task DisposeAsync()
    {
        File.Delete(_file);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Audit_CleanStore_ExitsWithOkAndPrintsKindsSettingsAndServers()
    {
        await redis.Admin.StringSetAsync("sg:n:{lawful}", "1", TimeSpan.FromDays(3)).DefaultTimeout();

        var (code, output, errors) = await RunAsync(["audit", "retention", "--connection-file", _file]);

        Assert.Equal(ExitCodes.Ok, code);
        var lines = output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, static line => line.StartsWith("keys\tsg:n\tnetwork\t30.00:00:00\t1\t0\t", StringComparison.Ordinal));
        Assert.Contains("#keys\tkind\tclass\tcap\tkeys\tcopies\tremaining\tfaulty", lines);
        Assert.Contains("setting\tsave\tok\t\"\"\t", lines);
        Assert.Contains($"server\t{redis.Endpoint}\tmaster\t1\t0\twhole", lines);
        Assert.StartsWith("clean: 0 faulty keys", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_KeysThatMayNotBeThere_ExitsWithVerificationFailedAndThenWithOk()
    {
        await redis.Admin.StringSetAsync("sg:a:{forever}", "1").DefaultTimeout();
        await redis.Admin.StringSetAsync("sg:n:{tenyears}", "1", TimeSpan.FromDays(3650)).DefaultTimeout();
        string[] audit = ["audit", "retention", "--json"];

        var (dry, dryOutput, _) = await RunAsync([.. audit, "--dry-run"], redis.ConnectionString(RedisAccount.Auditor));
        var (first, output, _) = await RunAsync(audit, redis.ConnectionString(RedisAccount.Auditor));
        var (second, _, _) = await RunAsync(audit, redis.ConnectionString(RedisAccount.Auditor));

        Assert.Equal((ExitCodes.VerificationFailed, ExitCodes.VerificationFailed, ExitCodes.Ok), (dry, first, second));
        using var dryJson = JsonDocument.Parse(dryOutput);
        using var json = JsonDocument.Parse(output);
        Assert.Equal((2, 0, 2), Counts(dryJson));
        Assert.Equal((2, 2, 0), Counts(json));
        Assert.True(dryJson.RootElement.GetProperty("dry_run").GetBoolean());
        Assert.Equal("violation", json.RootElement.GetProperty("outcome").GetString());
        var address = json.RootElement.GetProperty("kinds").EnumerateArray().First(static kind => kind.GetProperty("kind").GetString() == "sg:a");
        Assert.Equal((1, 604_800), (address.GetProperty("without_ttl").GetInt32(), address.GetProperty("cap_seconds").GetInt32()));
        Assert.Equal("master", json.RootElement.GetProperty("servers")[0].GetProperty("role").GetString());
        Assert.DoesNotContain("forever", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_OfAStoreWithShortEpochs_JudgesItsSaltsByThem()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var epoch = new EpochCalendar(lives: new EpochPace(EpochPace.MaxScale).Lives).At(RetentionClass.Network, now);
        await redis.Admin.StringSetAsync((RedisKey)Keys.Epoch(epoch), "1", TimeSpan.FromMinutes(2)).DefaultTimeout();
        string[] audit = ["audit", "retention", "--connection-file", _file, "--dry-run"];

        var (byThem, _, _) = await RunAsync(audit, scale: "10080");
        var (byAService, _, _) = await RunAsync(audit);
        var (byNone, _, errors) = await RunAsync(audit, scale: "0");

        Assert.Equal((ExitCodes.Ok, ExitCodes.VerificationFailed, ExitCodes.Usage), (byThem, byAService, byNone));
        Assert.Contains("Epochs__Scale: found '0'; allowed are 1 to 10080.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_WrongSetting_ExitsWithVerificationFailed()
    {
        await redis.Admin.ExecuteAsync("CONFIG", "SET", "crash-log-enabled", "yes").DefaultTimeout();

        var (code, output, _) = await RunAsync(["audit", "retention", "--connection-file", _file]);

        await redis.Admin.ExecuteAsync("CONFIG", "SET", "crash-log-enabled", "no").DefaultTimeout();
        Assert.Equal(ExitCodes.VerificationFailed, code);
        Assert.Contains("setting\tcrash-log-enabled\twrong\tno\t'yes'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_AccountThatMayNotAsk_ExitsWithVerificationFailed()
    {
        var account = new RedisAccount("walker", "walker-test-password");
        await redis.Admin.ExecuteAsync(
            "ACL", "SETUSER", account.Name, "on", $">{account.Password}", "~sg:*", "resetchannels", "-@all", "+scan", "+pttl", "+unlink", "+dbsize", "+info", "+ping", "+echo", "+hello", "+auth", "+client|setname", "+client|id").DefaultTimeout();

        var (code, output, _) = await RunAsync(["audit", "retention"], redis.ConnectionString(account));

        await redis.Admin.ExecuteAsync("ACL", "DELUSER", account.Name).DefaultTimeout();
        Assert.Equal(ExitCodes.VerificationFailed, code);
        Assert.Contains("setting\tsave\tunknown\t", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:1,user=auditor,password=never-shown")]
    [InlineData(null)]
    public async Task Audit_StoreAwayOrWrongPassword_ExitsWithUnavailableAndShowsNoPassword(string? connection)
    {
        connection ??= redis.ConnectionString(RedisAccount.Auditor with { Password = "never-shown" });

        var (code, output, errors) = await RunAsync(["audit", "retention"], connection);

        Assert.Equal((ExitCodes.Unavailable, string.Empty), (code, output));
        Assert.DoesNotContain("never-shown", errors, StringComparison.Ordinal);
        Assert.Contains("or is not deployed as --topology says", errors, StringComparison.Ordinal);
    }

    private static (int Faulty, int Deleted, int Remaining) Counts(JsonDocument json) =>
        (json.RootElement.GetProperty("faulty_keys").GetInt32(), json.RootElement.GetProperty("deleted_keys").GetInt32(), json.RootElement.GetProperty("remaining_keys").GetInt32());

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, string? connection = null, string? scale = null)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, name => name switch { "ConnectionStrings__Auditor" => connection, "Epochs__Scale" => scale, _ => null });
        var code = await Verbs.RunAsync(arguments, terminal, CancellationToken.None).DefaultTimeout();
        return (code, output.ToString(), errors.ToString());
    }
}
