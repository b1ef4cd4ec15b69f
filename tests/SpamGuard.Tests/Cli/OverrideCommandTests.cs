using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

/// <summary>What <c>spamguard override</c> refuses before any server is asked.</summary>
public sealed class OverrideCommandTests
{
    private const string Target = "Name one of --address-file, --network-file and --decision-token-file: of whom is it said?";
    private const string End = "Name either --ttl or --until: nothing is said for ever.";

    [Theory]
    [InlineData(Target, "override", "set", "--verdict", "allow", "--reason", "r", "--ttl", "2h", "--yes")]
    [InlineData(Target, "override", "set", "--verdict", "allow", "--reason", "r", "--ttl", "2h", "--yes", "--address-file", "-", "--network-file", "n")]
    [InlineData(End, "override", "set", "--verdict", "allow", "--reason", "r", "--address-file", "-", "--yes")]
    [InlineData(End, "override", "set", "--verdict", "allow", "--reason", "r", "--address-file", "-", "--yes", "--ttl", "2h", "--until", "2026-11-27T12:00:00Z")]
    [InlineData("--until is a time as in", "override", "set", "--verdict", "allow", "--reason", "r", "--address-file", "-", "--yes", "--until", "tomorrow")]
    [InlineData("--ttl is a number and s, m, h or d", "override", "set", "--verdict", "allow", "--reason", "r", "--address-file", "-", "--yes", "--ttl", "2")]
    [InlineData("Argument 'maybe' not recognized. Must be one of:", "override", "set", "--verdict", "maybe", "--reason", "r", "--address-file", "-", "--yes", "--ttl", "2h")]
    [InlineData("Option '--reason' is required.", "override", "set", "--verdict", "allow", "--address-file", "-", "--yes", "--ttl", "2h")]
    [InlineData("There is an argument too many, which is not repeated here.", "override", "set", "--verdict", "deny", "--reason", "r", "--address-file", "-", "--yes", "--ttl", "2h", "203.0.113.9")]
    [InlineData("Required command was not provided.", "override", "203.0.113.9")]
    [InlineData("Nothing was done. With --yes every event of it gets DENY", "override", "set", "--verdict", "deny", "--reason", "r", "--address-file", "-", "--ttl", "2h")]
    [InlineData("Nothing was done. With --yes the override is taken back", "override", "clear", "a0123456789abcdef")]
    [InlineData("--address-file, --network-file and --decision-token-file are paths of files, and not empty.", "override", "set", "--verdict", "deny", "--reason", "r", "--address-file", "", "--ttl", "2h")]
    public async Task Run_BadCommandLine_SaysSoAndExitsWithUsage(string expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync("203.0.113.9", arguments);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.9", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("203.0.113.9\n203.0.113.10\n")]
    public async Task Run_StandardInputOfNoneOrTwo_SaysSoAndNamesNoAddress(string input)
    {
        var (code, _, errors) = await RunAsync(input, "override", "set", "--verdict", "deny", "--reason", "r", "--network-file", "-", "--ttl", "2h", "--yes");

        Assert.Equal((ExitCodes.Usage, "--network-file: standard input must hold one line and nothing else."), (code, errors.TrimEnd()));
    }

    [Fact]
    public async Task Run_FileThatIsNotThere_ExitsWithNotFound()
    {
        var (code, _, _) = await RunAsync("", "override", "set", "--verdict", "deny", "--reason", "r", "--decision-token-file", "/nowhere/token", "--ttl", "2h", "--yes");

        Assert.Equal(ExitCodes.NotFound, code);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, _ => null, input: new StringReader(input));
        var code = await CommandLine.RunAsync(arguments, terminal, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
