using System.Globalization;
using System.Net.Sockets;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The promise that the store itself refuses a value without an expiry, asked of a real Redis.</summary>
[Collection(nameof(RedisCollection))]
public sealed class ScorerAclTests(RedisFixture redis) : IAsyncLifetime
{
    private const string Kept = "sg:a:{kept}";
    private const string Fresh = "sg:a:{fresh}";
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private ConnectionMultiplexer? _connection;

    private IDatabase Scorer => _connection!.GetDatabase();

    /// <summary>Commands that store without an expiry, lift one, delete, list or copy.</summary>
    public static TheoryData<string> Refused =>
    [
        $"SET {Fresh} 1",
        $"SET {Fresh} 1 PX 1000",
        $"SETNX {Fresh} 1",
        $"INCRBY {Fresh} 1",
        $"INCRBY {Kept} 1",
        $"APPEND {Kept} 1",
        $"HSET {Fresh} field 1",
        $"PFADD {Fresh} 1",
        $"PERSIST {Kept}",
        $"PEXPIRE {Kept} 86400000",
        $"EXPIREAT {Kept} 9999999999",
        $"GETEX {Kept} PERSIST",
        $"RENAME {Kept} {Fresh}",
        $"COPY {Kept} {Fresh}",
        $"DEL {Kept}",
        $"UNLINK {Kept}",
        $"DUMP {Kept}",
        "RANDOMKEY",
        "SCAN 0",
        "KEYS *",
        "CONFIG GET save",
        "FLUSHALL",
    ];

    public async Task InitializeAsync()
    {
        await redis.FlushAsync();
        await redis.Admin.StringSetAsync(Kept, "1", KeptFor);
        _connection = await redis.ConnectAsync(RedisAccount.Scorer);
    }

    public async Task DisposeAsync() => await _connection!.DisposeAsync();

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
    public async Task Scorer_CommandThatCouldBreakAnExpiry_IsRefused(string command)
    {
        var words = command.Split(' ');

        var error = await Assert.ThrowsAsync<RedisServerException>(
            () => Scorer.ExecuteAsync(words[0], [.. words[1..]]).DefaultTimeout());

        Assert.StartsWith("NOPERM", error.Message, StringComparison.Ordinal);
        await AssertNothingChangedAsync();
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Scorer_CommandThatCouldBreakAnExpiryInsideAScript_IsRefused(string command)
    {
        const string script = "return redis.call(unpack(ARGV))";
        string[] words = command.Split(' ');

        var error = await Assert.ThrowsAsync<RedisServerException>(
            () => Scorer.ExecuteAsync("EVAL", [script, 2, Kept, Fresh, .. words]).DefaultTimeout());

        Assert.Matches("user executing the script can't run this command|ACL failure in script|not allowed from script", error.Message);
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

    [Fact]
    public async Task Scorer_KeyOutsideItsPrefix_IsRefused()
    {
        var error = await Assert.ThrowsAsync<RedisServerException>(
            () => Scorer.ExecuteAsync("PSETEX", "other:key", 1000, "v").DefaultTimeout());

        Assert.StartsWith("NOPERM", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auditor_ReadOfAValue_IsRefused()
    {
        await using var auditor = await redis.ConnectAsync(RedisAccount.Auditor, RedisFixture.NarrowCommands);
        var database = auditor.GetDatabase();

        var error = await Assert.ThrowsAsync<RedisServerException>(
            () => database.ExecuteAsync("GET", Kept).DefaultTimeout());

        Assert.StartsWith("NOPERM", error.Message, StringComparison.Ordinal);
        var remaining = (long)await database.ExecuteAsync("PTTL", Kept).DefaultTimeout();
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

    private async Task AssertNothingChangedAsync()
    {
        Assert.Equal("1", await redis.Admin.StringGetAsync(Kept).DefaultTimeout());
        Assert.False(await redis.Admin.KeyExistsAsync(Fresh).DefaultTimeout());
        var remaining = await redis.Admin.KeyTimeToLiveAsync(Kept).DefaultTimeout();
        Assert.InRange(remaining!.Value, TimeSpan.FromMinutes(1), KeptFor);
    }
}
