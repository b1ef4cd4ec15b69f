using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>As <see cref="AllowedCommandsTests"/>, of the users of the sentinels themselves: only a sentinel knows their commands.</summary>
public sealed class AllowedSentinelCommandsTests(RedisSentinelFixture sentinel) : IClassFixture<RedisSentinelFixture>
{
    public static TheoryData<string> Users =>
        [.. File.ReadLines(Path.Combine(RedisUsers.Folder, RedisUsers.Sentinels)).Skip(1).Select(static line => line.Split(' ')[1])];

    [Theory]
    [MemberData(nameof(Users))]
    public async Task User_EveryCommandOfASentinel_IsAllowedOnlyWhereItsLineSaysSo(string name)
    {
        var rules = RedisUsers.RulesOf(RedisUsers.Sentinels, RedisAccount.OfADeployment.Single(one => one.Name == name));
        var options = ConfigurationOptions.Parse(sentinel.ConnectionString(RedisAccount.Admin));
        options.ServiceName = null; // the sentinel itself, and not whom it watches
        options.AllowAdmin = true;
        options.CommandMap = CommandMap.Create(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "CONFIG", "CLUSTER", "ECHO", "TIME", "SUBSCRIBE" }, available: false);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options).DefaultTimeout();
        var server = connection.GetServers()[0];

        var (known, named, allowed) = await new AskedCommands((command, arguments) => server.ExecuteAsync(command, arguments)).OfAsync(rules).DefaultTimeout();

        Assert.True(known > 30, $"The sentinel names {known} commands only.");
        Assert.Equal(named, allowed);
    }
}
