using System.Globalization;
using System.Net.Sockets;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>A script that never ends keeps everybody out. Who may run scripts may run that one too, and the operator ends it.</summary>
public sealed class EndlessScriptTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task Script_ThatNeverEnds_IsEndedByTheOperator()
    {
        await redis.Admin.ExecuteAsync("CONFIG", "SET", "busy-reply-threshold", 100).DefaultTimeout();
        var running = SayAsync(RedisAccount.Scorer, "EVAL \"while true do end\" 0");
        await Poll.UntilAsync(async () => (await SayAsync(RedisAccount.Scorer, "PING")).StartsWith("-BUSY", StringComparison.Ordinal)).DefaultTimeout();
        Assert.StartsWith("-BUSY", await SayAsync(RedisAccount.Auditor, "PING"), StringComparison.Ordinal);
        Assert.StartsWith("-NOPERM", await SayAsync(RedisAccount.Desk, "SCRIPT KILL"), StringComparison.Ordinal);

        Assert.Equal("+OK", await SayAsync(RedisAccount.Operator, "SCRIPT KILL"));

        Assert.StartsWith("-ERR", await running.DefaultTimeout(), StringComparison.Ordinal);
        Assert.Equal("+PONG", await SayAsync(RedisAccount.Scorer, "PING"));
    }

    [Fact]
    public async Task Operator_AclLoad_IsAnswered() => Assert.Equal("+OK", await SayAsync(RedisAccount.Operator, "ACL LOAD"));

    // Written by hand, as redis-cli does: the driver would ask for more than a busy server answers.
    private async Task<string> SayAsync(RedisAccount account, string command)
    {
        var endpoint = redis.Endpoint.Split(':');
        using var socket = new TcpClient(endpoint[0], int.Parse(endpoint[1], CultureInfo.InvariantCulture));
        await using var stream = socket.GetStream();
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync($"AUTH {account.Name} {account.Password}");
        Assert.Equal("+OK", await reader.ReadLineAsync().DefaultTimeout());
        await writer.WriteLineAsync(command);
        return await reader.ReadLineAsync().DefaultTimeout() ?? string.Empty;
    }
}
