using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>Asks a server for each of its commands whether a user of given rules may run it.</summary>
/// <param name="admin">Runs a command there, as one who may run all.</param>
internal sealed class AskedCommands(Func<string, object[], Task<RedisResult>> admin)
{
    // They come before a user is known, so no server asks whether a user may: they name the user or end the connection.
    private static readonly string[] BeforeAnyUser = ["auth", "hello", "quit", "reset"];

    /// <summary>How many commands the server knows, which of them the rules name, and which of them a user of these rules may run.</summary>
    public async Task<(int Known, IReadOnlyList<string> Named, IReadOnlyList<string> Allowed)> OfAsync(IReadOnlyList<string> rules)
    {
        await admin("ACL", ["SETUSER", "asked", "reset", "on", .. rules]);
        var commands = await CommandsAsync();
        var answers = await Task.WhenAll(commands.Select(async command => (command.Name, IsAllowed: await IsAllowedAsync(command))));
        var named = rules.Where(static rule => rule[0] == '+').Select(static rule => rule[1..])
            .Union(BeforeAnyUser.Intersect(commands.Select(static command => command.Name), StringComparer.Ordinal), StringComparer.Ordinal);
        return (commands.Count, [.. named.Order(StringComparer.Ordinal)], [.. answers.Where(static answer => answer.IsAllowed).Select(static answer => answer.Name).Order(StringComparer.Ordinal)]);
    }

    private async Task<bool> IsAllowedAsync((string Name, int Arguments) command)
    {
        object[] words = ["DRYRUN", "asked", .. command.Name.Split('|'), .. Enumerable.Repeat("1", command.Arguments)];
        try
        {
            var answer = (string)(await admin("ACL", words))!;
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
        foreach (var entry in (RedisResult[])(await admin("COMMAND", []))!)
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
