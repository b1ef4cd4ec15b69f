using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>Every command that the server knows, asked for each user of each file: what is not in the user's line is refused.</summary>
[Collection(nameof(RedisCollection))]
public sealed class AllowedCommandsTests(RedisFixture redis)
{
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
        var asked = new AskedCommands((command, arguments) => redis.Admin.ExecuteAsync(command, arguments));

        var (known, named, allowed) = await asked.OfAsync(rules).DefaultTimeout();

        Assert.True(known > 300, $"The server names {known} commands only.");
        Assert.Equal(named, allowed);
    }
}
