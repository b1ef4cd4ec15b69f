using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>Whoever asks Redis what runbook and operations guide say, as the user that they say, is answered: by the users of every file.</summary>
[Collection(nameof(RedisCollection))]
public sealed partial class GuideRedisTests(RedisFixture redis)
{
    public static TheoryData<string> Files => [RedisUsers.Standalone, RedisUsers.Sentinel, RedisUsers.Cluster];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Commands_OfTheGuides_AreAllowedToWhomTheyName(string file)
    {
        var asked = (await Task.WhenAll(((Guide[])[Guide.Runbook, Guide.Operations]).Select(guide => AskedAsync(guide.Text)))).SelectMany(static one => one).Distinct().ToList();

        Assert.Contains((RedisAccount.Auditor, "INFO commandstats"), asked);
        Assert.Contains((RedisAccount.Operator, "ACL LOAD"), asked);
        Assert.Empty(await FaultsAsync(file, asked));
    }

    [Theory]
    [InlineData("`ACL LIST` shows them.", "auditor may not ACL LIST")]
    [InlineData("Set it by `CONFIG SET maxmemory 4gb`, as the user `operator`.", "operator may not CONFIG SET maxmemory 4gb")]
    [InlineData("As `operator`: `INFO`, then `ACL LOAD`. `INFO` again.", "operator may not INFO")]
    [InlineData("```sh\nredis-cli -h HOST --user auditor --askpass SCRIPT KILL\n```", "auditor may not SCRIPT KILL")]
    [InlineData("The verdict is `DENY`, and `ACL LOG` (user `auditor`) is empty.", "")]
    public async Task Commands_Planted_AreReported(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', await FaultsAsync(RedisUsers.Standalone, await AskedAsync(text))));

    // Sentinels are told to read their users by a restart: were there somebody who may, the guide would have him do it, and whom it leaves out keeps an old password.
    [Fact]
    public void Sentinels_TheirUsers_AreThoseOfTheGuideAndNoneMayLoadThem()
    {
        var told = Assert.Single(Guide.Operations.Text.Split('\n'), static line => line.StartsWith("**Sentinels** have `sentinels.acl`, in which ", StringComparison.Ordinal)).Split(". ")[0];
        var users = File.ReadAllLines(Path.Combine(RedisUsers.Folder, RedisUsers.Sentinels))[1..];

        Assert.Equal(users.Select(static line => line.Split(' ')[1]).Order(StringComparer.Ordinal), RedisAccount.OfADeployment.Select(static one => one.Name).Where(name => told.Contains($"`{name}`", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(users, static line => Assert.DoesNotContain("+acl", line, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(string file, IEnumerable<(RedisAccount User, string Command)> asked)
    {
        var faults = new List<string>();
        foreach (var (user, command) in asked)
        {
            await redis.Admin.ExecuteAsync("ACL", ["SETUSER", "guide", "reset", "on", .. RedisUsers.RulesOf(file, user)]).DefaultTimeout();
            if ((string?)await redis.Admin.ExecuteAsync("ACL", ["DRYRUN", "guide", .. command.Split(' ')]).DefaultTimeout() != "OK")
            {
                faults.Add($"{user} may not {command}");
            }
        }

        return faults;
    }

    // A command in a line is asked as the user who is named next in its sentence, or was last; else as the auditor, as the runbook begins.
    private async Task<IReadOnlyList<(RedisAccount User, string Command)>> AskedAsync(string text)
    {
        var commands = ((string[])(await redis.Admin.ExecuteAsync("COMMAND", "LIST").DefaultTimeout())!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var typed = Typed().Matches(text).Select(static match => (Account(match.Groups["user"].Value), match.Groups["command"].Value));
        var told = Sentence().Split(text).SelectMany(sentence => Spoken().Matches(sentence).Where(match => commands.Contains(match.Groups["command"].Value.Split(' ')[0])).Select(match =>
        {
            var users = User().Matches(sentence);
            var user = users.FirstOrDefault(user => user.Index > match.Index) ?? users.LastOrDefault();
            return (user is null ? RedisAccount.Auditor : Account(user.Groups["user"].Value), match.Groups["command"].Value);
        }));
        return [.. typed.Concat(told)];
    }

    private static RedisAccount Account(string name) => RedisAccount.OfADeployment.Single(account => account.Name == name);

    [GeneratedRegex("^redis-cli .*--user (?<user>[a-z]+) --askpass (?<command>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Typed();

    [GeneratedRegex("`(?<command>[A-Z]{3,}( [A-Za-z0-9-]+)*)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Spoken();

    [GeneratedRegex("(as|user|the user|As) `(?<user>scorer|auditor|desk|replica|sentinel|operator)`", RegexOptions.ExplicitCapture)]
    private static partial Regex User();

    [GeneratedRegex(@"\. |\||\n")]
    private static partial Regex Sentence();
}
