using System.Globalization;
using System.Net.Sockets;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>
/// The promise that the store itself refuses a value without an expiry, asked of a real Redis as each of its users: the commands by which one could be
/// made, lengthened, read, listed, copied or carried away. <see cref="AllowedCommandsTests"/> asks for all the others.
/// </summary>
[Collection(nameof(RedisCollection))]
public sealed class RefusedCommandsTests(RedisFixture redis) : IAsyncLifetime
{
    private const string Kept = "sg:a:{kept}";
    private const string Fresh = "sg:a:{fresh}";
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, ConnectionMultiplexer> _connections = new(StringComparer.Ordinal);

    private IDatabase Scorer => As(RedisAccount.Scorer.Name);

    /// <summary>Users, each with every command of the list that its line does not allow.</summary>
    public static TheoryData<string, string> Refused
    {
        get
        {
            var refused = new TheoryData<string, string>();
            foreach (var account in Accounts)
            {
                var rules = RedisUsers.RulesOf(RedisUsers.Standalone, account);
                foreach (var command in Dangerous)
                {
                    var words = command.ToLowerInvariant().Split(' ');
                    if (!rules.Contains($"+{words[0]}") && !(words.Length > 1 && rules.Contains($"+{words[0]}|{words[1]}")))
                    {
                        refused.Add(account.Name, command);
                    }
                }
            }

            return refused;
        }
    }

    private static IReadOnlyList<RedisAccount> Accounts => [RedisAccount.Scorer, RedisAccount.Auditor, RedisAccount.Desk];

    private static string[] Dangerous =>
    [
        // a value without an expiry
        $"SET {Fresh} 1",
        $"SET {Fresh} 1 PX 1000",
        $"SET {Kept} 1 KEEPTTL",
        $"SETNX {Fresh} 1",
        $"MSET {Fresh} 1",
        $"MSETNX {Fresh} 1",
        $"GETSET {Kept} 1",
        $"SETRANGE {Kept} 1 1",
        $"SETBIT {Fresh} 1 1",
        $"BITFIELD {Fresh} SET u8 0 1",
        $"BITOP NOT {Fresh} {Kept}",
        $"INCR {Fresh}",
        $"INCRBY {Fresh} 1",
        $"INCRBYFLOAT {Fresh} 1",
        $"DECR {Fresh}",
        $"DECRBY {Fresh} 1",
        $"APPEND {Kept} 1",
        $"HSET {Fresh} field 1",
        $"HMSET {Fresh} field 1",
        $"HINCRBY {Fresh} field 1",
        $"SADD {Fresh} 1",
        $"ZADD {Fresh} 1 1",
        $"GEOADD {Fresh} 1 1 1",
        $"LPUSH {Fresh} 1",
        $"RPUSH {Fresh} 1",
        $"XADD {Fresh} * field 1",
        $"PFADD {Fresh} 1",
        $"PFMERGE {Fresh} {Kept}",
        $"SORT {Kept} STORE {Fresh}",
        $"RESTORE {Fresh} 0 1",
        $"COPY {Kept} {Fresh}",
        $"RENAME {Kept} {Fresh}",
        $"RENAMENX {Kept} {Fresh}",
        $"MOVE {Kept} 1",
        "SWAPDB 0 1",

        // another expiry; whoever has PSETEX has no need of SETEX
        $"SETEX {Fresh} 1000 1",
        $"PERSIST {Kept}",
        $"EXPIRE {Kept} 86400",
        $"PEXPIRE {Kept} 86400000",
        $"EXPIREAT {Kept} 9999999999",
        $"PEXPIREAT {Kept} 9999999999000",
        $"GETEX {Kept} PERSIST",

        // gone before its time
        $"DEL {Kept}",
        $"UNLINK {Kept}",
        $"GETDEL {Kept}",
        "FLUSHALL",
        "FLUSHDB",

        // read, listed, carried away
        $"DUMP {Kept}",
        $"GET {Kept}",
        $"MGET {Kept}",
        $"GETRANGE {Kept} 0 -1",
        $"SUBSTR {Kept} 0 -1",
        $"STRLEN {Kept}",
        $"LCS {Kept} {Kept}",
        $"EXISTS {Kept}",
        $"OBJECT FREQ {Kept}",
        $"MIGRATE 127.0.0.1 1 {Kept} 0 1000",
        "RANDOMKEY",
        "SCAN 0",
        "KEYS *",
        "SELECT 1",
        "MONITOR",
        "CLIENT LIST",
        "CLIENT TRACKING ON",
        "SLOWLOG GET",
        "LATENCY LATEST",
        "MEMORY DOCTOR",
        "PUBLISH channel message",
        "SPUBLISH channel message",
        "PUBSUB CHANNELS",

        // the server
        "CONFIG GET save",
        "CONFIG SET save 1",
        "CONFIG REWRITE",
        "CONFIG RESETSTAT",
        "DEBUG SLEEP 0",
        "SAVE",
        "BGSAVE",
        "BGREWRITEAOF",
        "SHUTDOWN NOSAVE",
        "REPLICAOF NO ONE",
        "SLAVEOF NO ONE",
        "FAILOVER ABORT",
        "PSYNC ? -1",
        "SYNC",
        "REPLCONF capa eof",
        "WAIT 0 0",
        "CLUSTER NODES",
        "CLUSTER SETSLOT 1 STABLE",
        "CLUSTER RESET",
        "MODULE LIST",
        "FUNCTION LIST",
        "FUNCTION FLUSH",
        "FCALL name 0",
        "SCRIPT LOAD 1",
        "SCRIPT FLUSH",
        "SCRIPT KILL",
        "ACL LIST",
        "ACL WHOAMI",
        "ACL SETUSER scorer allcommands",
        "ACL LOG",
        "MULTI",
    ];

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        await redis.Admin.StringSetAsync(Kept, "1", KeptFor);
        foreach (var account in Accounts)
        {
            _connections[account.Name] = await redis.ConnectAsync(account);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Scorer_Ping_IsAnswered()
    {
        var answer = await Scorer.ExecuteAsync("PING").DefaultTimeout();

        Assert.Equal("PONG", answer.ToString());
    }

    [Fact]
    public async Task Scorer_PsetexAndGet_KeepTheExpiry()
    {
        await Scorer.ExecuteAsync("PSETEX", Fresh, 60_000, "v").DefaultTimeout();

        Assert.Equal("v", await Scorer.StringGetAsync(Fresh).DefaultTimeout());
        var remaining = await redis.Admin.KeyTimeToLiveAsync(Fresh).DefaultTimeout();
        Assert.InRange(remaining!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Scorer_ScriptWithPsetexAndTime_IsRun()
    {
        const string script = """
            local now = redis.call('TIME')
            redis.call('PSETEX', KEYS[1], 60000, now[1])
            return redis.call('GET', KEYS[1])
            """;

        var answer = await Scorer.ExecuteAsync("EVAL", script, 1, Fresh).DefaultTimeout();

        Assert.True((long)answer > 0);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task User_DangerousCommand_IsRefused(string user, string command)
    {
        var words = command.Split(' ');

        var error = await Assert.ThrowsAsync<RedisServerException>(
            () => As(user).ExecuteAsync(words[0], [.. words[1..]]).DefaultTimeout());

        Assert.Matches("^NOPERM|^ERR DEBUG command not allowed", error.Message); // DEBUG is off for everybody
        await AssertNothingChangedAsync();
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task User_DangerousCommandInsideAScript_IsRefused(string user, string command)
    {
        const string script = "return redis.call(unpack(ARGV))";
        string[] words = command.Split(' ');

        var error = await Assert.ThrowsAsync<RedisServerException>(
            () => As(user).ExecuteAsync("EVAL", [script, 2, Kept, Fresh, .. words]).DefaultTimeout());

        // The auditor runs no script at all.
        Assert.Matches(
            user == RedisAccount.Auditor.Name ? "^NOPERM" : "user executing the script can't run this command|ACL failure in script|not allowed from script",
            error.Message);
        await AssertNothingChangedAsync();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task Scorer_PsetexWithoutALife_IsRefused(string milliseconds)
    {
        await Assert.ThrowsAsync<RedisServerException>(
            () => Scorer.ExecuteAsync("PSETEX", Fresh, milliseconds, "v").DefaultTimeout());

        await AssertNothingChangedAsync();
    }

    [Theory]
    [InlineData("scorer", "PSETEX other:key 1000 v")]
    [InlineData("scorer", "GET other:key")]
    [InlineData("desk", "PSETEX other:key 1000 v")]
    [InlineData("desk", "UNLINK other:key")]
    [InlineData("auditor", "PTTL other:key")]
    [InlineData("auditor", "UNLINK other:key")]
    public async Task User_KeyOutsideItsPrefix_IsRefused(string user, string command)
    {
        var words = command.Split(' ');

        var error = await Assert.ThrowsAsync<RedisServerException>(() => As(user).ExecuteAsync(words[0], [.. words[1..]]).DefaultTimeout());

        Assert.StartsWith("NOPERM", error.Message, StringComparison.Ordinal);
        if (user != RedisAccount.Auditor.Name)
        {
            error = await Assert.ThrowsAsync<RedisServerException>(
                () => As(user).ExecuteAsync("EVAL", ["return redis.call(unpack(ARGV))", 0, .. words]).DefaultTimeout());
            Assert.Matches("can't access at least one of the keys|ACL failure in script", error.Message);
        }
    }

    [Fact]
    public async Task Auditor_TimeToLive_IsTold()
    {
        var remaining = (long)await As(RedisAccount.Auditor.Name).ExecuteAsync("PTTL", Kept).DefaultTimeout();

        Assert.InRange(remaining, 1, (long)KeptFor.TotalMilliseconds);
    }

    [Fact]
    public async Task NobodyInParticular_Ping_IsRefused()
    {
        // Written by hand: the client would go on trying to connect until its own time is up.
        var endpoint = redis.Endpoint.Split(':');
        using var socket = new TcpClient(endpoint[0], int.Parse(endpoint[1], CultureInfo.InvariantCulture));
        await using var stream = socket.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray()).DefaultTimeout();

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadLineAsync().DefaultTimeout();

        Assert.StartsWith("-NOAUTH", answer, StringComparison.Ordinal);
    }

    private IDatabase As(string user) => _connections[user].GetDatabase();

    private async Task AssertNothingChangedAsync()
    {
        Assert.Equal("1", await redis.Admin.StringGetAsync(Kept).DefaultTimeout());
        Assert.False(await redis.Admin.KeyExistsAsync(Fresh).DefaultTimeout());
        var remaining = await redis.Admin.KeyTimeToLiveAsync(Kept).DefaultTimeout();
        Assert.InRange(remaining!.Value, TimeSpan.FromMinutes(1), KeptFor);
    }
}
