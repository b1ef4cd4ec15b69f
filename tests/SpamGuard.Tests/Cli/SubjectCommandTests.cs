using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

/// <summary>What <c>spamguard subject</c> refuses before any server is asked.</summary>
public sealed class SubjectCommandTests
{
    private const string Proof = "Name either --decision-token-file or --attestation: why may this be asked?";
    private const string Certainty = "Name either --yes, to erase, or --dry-run, to see what would be erased.";
    private const string Input = "Standard input must hold one address and nothing else.";

    [Theory]
    [InlineData(Proof, "subject", "inspect")]
    [InlineData(Proof, "subject", "inspect", "--attestation", "card", "--decision-token-file", "t")]
    [InlineData(Certainty, "subject", "erase", "--attestation", "card")]
    [InlineData(Certainty, "subject", "erase", "--attestation", "card", "--yes", "--dry-run")]
    [InlineData("--address-file and --decision-token-file are paths of files, and not empty.", "subject", "inspect", "--attestation", "card", "--address-file", "")]
    [InlineData("There is an argument too many, which is not repeated here.", "subject", "inspect", "--attestation", "card", "203.0.113.9")]
    [InlineData("There is an argument too many, which is not repeated here.", "subject", "erase", "--attestation", "card", "--yes", "--adress", "203.0.113.9")]
    [InlineData("Required command was not provided.", "subject", "203.0.113.9")]
    public async Task Run_BadCommandLine_SaysSoAndExitsWithUsage(string expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync("203.0.113.9", arguments);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.9", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n \n")]
    [InlineData("203.0.113.9\n203.0.113.10\n")]
    public async Task Run_StandardInputOfNoneOrTwo_SaysSoAndNamesNoAddress(string input)
    {
        var (code, _, errors) = await RunAsync(input, "subject", "inspect", "--attestation", "card");

        Assert.Equal((ExitCodes.Usage, Input), (code, errors.TrimEnd()));
    }

    [Fact]
    public async Task Run_StandardInputWithoutEnd_IsGivenUp()
    {
        var (code, _, errors) = await RunAsync(new string('1', 10_000), "subject", "inspect", "--attestation", "card");

        Assert.Equal((ExitCodes.Usage, Input), (code, errors.TrimEnd()));
    }

    [Fact]
    public async Task Run_AddressFileThatIsNotThere_ExitsWithNotFound()
    {
        var (code, _, _) = await RunAsync("", "subject", "inspect", "--attestation", "card", "--address-file", "/nowhere/address");

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
