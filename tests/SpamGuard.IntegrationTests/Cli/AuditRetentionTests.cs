extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.Testing;
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
    }

    private static (int Faulty, int Deleted, int Remaining) Counts(JsonDocument json) =>
        (json.RootElement.GetProperty("faulty_keys").GetInt32(), json.RootElement.GetProperty("deleted_keys").GetInt32(), json.RootElement.GetProperty("remaining_keys").GetInt32());

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, string? connection = null)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, name => name == "ConnectionStrings__Auditor" ? connection : null);
        var code = await Verbs.RunAsync(arguments, terminal, CancellationToken.None).DefaultTimeout();
        return (code, output.ToString(), errors.ToString());
    }
}
