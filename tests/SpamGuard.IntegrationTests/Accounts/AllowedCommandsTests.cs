using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>Every command that the server knows, asked for each user of each file: what is not in the user's line is refused.</summary>
[Collection(nameof(RedisCollection))]
public sealed class AllowedCommandsTests(RedisFixture redis)
{
    // They come before a user is known, so no server asks whether a user may: they name the user or end the connection.
    private static readonly string[] BeforeAnyUser = ["auth", "hello", "quit", "reset"];

    public static TheoryData<string, string> Users
    {
        get
        {
            var users = new TheoryData<string, string>();
            foreach (var file in new[] { RedisUsers.Standalone, RedisUsers.Sentinel, RedisUsers.Cluster })
            {
                foreach (var line in File.ReadLines(Path.Combine(RedisUsers.Folder, file)).Skip(1))
                {
                    users.Add(file, line.Split(' ')[1]);
                }
            }

            return users;
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task User_EveryCommandOfTheServer_IsAllowedOnlyWhereItsLineSaysSo(string file, string name)
    {
        var account = RedisAccount.OfADeployment.Single(one => one.Name == name);
        var rules = RedisUsers.RulesOf(file, account);
        await redis.Admin.ExecuteAsync("ACL", ["SETUSER", "asked", "reset", "on", .. rules]).DefaultTimeout();

        var commands = await CommandsAsync();
        var answers = await Task.WhenAll(commands.Select(async command => (command.Name, IsAllowed: await IsAllowedAsync(command)))).DefaultTimeout();

        Assert.True(commands.Count > 300, $"The server names {commands.Count} commands only.");
        Assert.Equal(
            rules.Where(static rule => rule[0] == '+').Select(static rule => rule[1..]).Union(BeforeAnyUser).Order(StringComparer.Ordinal),
            answers.Where(static answer => answer.IsAllowed).Select(static answer => answer.Name).Order(StringComparer.Ordinal));
    }

    private async Task<bool> IsAllowedAsync((string Name, int Arguments) command)
    {
        object[] words = ["DRYRUN", "asked", .. command.Name.Split('|'), .. Enumerable.Repeat("1", command.Arguments)];
        try
        {
            var answer = (string)(await redis.Admin.ExecuteAsync("ACL", words))!;
            return !answer.Contains("no permissions to run", StringComparison.Ordinal);
        }
        catch (RedisServerException e) when (e.Message.Contains("can't parse keys", StringComparison.Ordinal) || e.Message.Contains("invalid keys", StringComparison.OrdinalIgnoreCase))
        {
            return true; // it got as far as the keys
        }
    }

    // All that can be run: of a command with subcommands, those. Each with as many arguments as it needs.
    private async Task<List<(string Name, int Arguments)>> CommandsAsync()
    {
        var commands = new List<(string, int)>();
        foreach (var entry in (RedisResult[])(await redis.Admin.ExecuteAsync("COMMAND").DefaultTimeout())!)
        {
            var subcommands = (RedisResult[])entry[9]!;
            commands.AddRange((subcommands.Length == 0 ? [entry] : subcommands).Select(static leaf => Leaf(leaf)));
        }

        return commands;
    }

    private static (string Name, int Arguments) Leaf(RedisResult entry)
    {
        var name = ((string)entry[0]!).ToLowerInvariant();
        return (name, Math.Abs((int)entry[1]) - name.Split('|').Length);
    }
}
