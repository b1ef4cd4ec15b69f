using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

public sealed class CommandLineTests
{
    private const string Nobody = "http://127.0.0.1:1"; // nothing listens on port 1

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("scor 198.18.7.9", "scor")]
    [InlineData("score", "Name either IP or --file.")]
    [InlineData("score 198.18.7.9", "Option '--kind' is required.")]
    [InlineData("score 198.18.7.9 --kind mail", "sign-up")]
    [InlineData("score 198.18.7.9 --kind message --request-id 7", "--request-id is a UUID of 36 characters, not all zeros.")]
    [InlineData("score 198.18.7.9 --kind message --request-id 00000000-0000-0000-0000-000000000000", "--request-id is a UUID")]
    [InlineData("score 198.18.7.9 --kind message --server localhost:5080", "is a URL such as http://127.0.0.1:5080")]
    [InlineData("score 198.18.7.9 --kind message --timeout 5", "--timeout is a number and s, m, h or d")]
    [InlineData("score 198.18.7.9 --kind message --timeout 0s", "--timeout is from 0.001s to 1d.")]
    [InlineData("doctor --timeout 36500d", "--timeout is from 0.001s to 1d.")]
    [InlineData("override list --timeout 1.1d", "--timeout is from 0.001s to 1d.")]
    [InlineData("load --timeout 0.0009s", "--timeout is from 0.001s to 1d.")]
    [InlineData("preview", "Name either IP or --token.")]
    [InlineData("preview 198.18.7.9 --token AbC", "Name either IP or --token.")]
    [InlineData("preview 198.18.7.9", "With an address, --kind")]
    [InlineData("preview --token AbC --kind message", "go with an address only")]
    [InlineData("explain", "Required argument 'TOKEN' missing")]
    [InlineData("report AbC", "--label")]
    [InlineData("report AbC --label ham", "challenge-passed")]
    [InlineData("report AbC --label spam --account a1", "go with an address only")]
    [InlineData("report 198.18.7.9 --label spam", "With an address, --kind")]
    [InlineData("report 2a01:4f8::7 --label spam", "With an address, --kind")]
    [InlineData("report", "Name either TOKEN|IP or --file.")]
    [InlineData("report --label spam", "Name either TOKEN|IP or --file.")]
    [InlineData("report AbC --file x.csv", "Name either TOKEN|IP or --file.")]
    [InlineData("report --file x.csv --label spam", "--label and --reporter don't go with --file.")]
    [InlineData("report --file x.csv --reporter r1", "--label and --reporter don't go with --file.")]
    [InlineData("report --file x.csv --kind message", "go with an address only")]
    [InlineData("report AbC --label spam --dry-run", "--dry-run goes with --file.")]
    [InlineData("report AbC --label spam --from 3", "--from goes with --file.")]
    [InlineData("report --file x.csv --rate 0", "--rate is from 1 to 100000.")]
    [InlineData("report --file x.csv --retries -1", "--retries is from 0 to 1000.")]
    [InlineData("report --file x.csv --from 1", "--from is from 2 to 2147483647.")]
    [InlineData("report --file x.csv --max-errors -1", "--max-errors is at least 0.")]
    [InlineData("replay", "Required argument 'FILE' missing")]
    [InlineData("replay x.csv --feedback-delay 1", "--feedback-delay is a number and s, m, h or d, such as 30m or 0.9d, up to 36500d.")]
    [InlineData("replay x.csv --feedback-coverage 1.1", "--feedback-coverage is from 0 and up to 1.")]
    [InlineData("replay x.csv --test-share 0", "--test-share is above 0 and up to 1.")]
    [InlineData("replay x.csv --test-share NaN", "--test-share is above 0 and up to 1.")]
    [InlineData("replay x.csv --max-errors -1", "--max-errors is at least 0.")]
    [InlineData("replay x.csv --decisions ./x.csv", "--decisions would overwrite FILE.")]
    public async Task Run_CommandLineThatCantBeTaken_SaysWhyOnTheErrorsAndExitsWithUsage(string arguments, string expected)
    {
        var (code, output, errors) = await CommandLines.RunAsync(arguments);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Empty(output);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FILE is the path of a file, and not empty.", "replay", "")]
    [InlineData("--file is the path of a file, and not empty.", "report", "--file", "")]
    [InlineData("--decisions is the path of a file, and not empty.", "replay", "x.csv", "--decisions", "")]
    public async Task Run_EmptyPath_SaysSoAndExitsWithUsage(string expected, params string[] arguments)
    {
        var (code, output, errors) = await CommandLines.RunAsync(arguments);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FaultOfOurOwn_IsOneLineWithoutItsTextAndAFailure()
    {
        var errors = new StringWriter();

        var code = await CommandLine.RunAsync(["--help"], new Terminal(new FaultyWriter(), errors, _ => null), CancellationToken.None);

        Assert.Equal(ExitCodes.Failure, code);
        Assert.StartsWith("A fault of this program's own: InvalidTimeZoneException at ", errors.ToString(), StringComparison.Ordinal);
        Assert.Single(errors.ToString().TrimEnd().Split('\n'));
        Assert.DoesNotContain("198.18.7.9", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("score 198.18.7.9 --kind message")]
    [InlineData("preview 198.18.7.9 --kind sign-up --account a1 --content c1")]
    [InlineData("preview --token AbC --exit-code")]
    [InlineData("explain AbC")]
    [InlineData("report AbC --label challenge-passed --reporter r1")]
    [InlineData("report 2a01:4f8::7 --label spam --kind message")]
    public async Task Run_NoServer_ExitsWithUnavailable(string arguments)
    {
        var (code, output, errors) = await CommandLines.RunAsync(arguments + " --server " + Nobody);

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Empty(output);
        Assert.StartsWith($"UNAVAILABLE: {Nobody}: ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Run_ServerOfTheEnvironment_IsAskedWhereNoOptionIs()
    {
        var (code, _, errors) = await CommandLines.RunAsync(
            ["explain", "AbC"], new Dictionary<string, string>(StringComparer.Ordinal) { ["SPAMGUARD_SERVER"] = Nobody });

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains(Nobody, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Interrupted_ExitsWith130()
    {
        var (code, _, _) = await CommandLines.RunAsync(["explain", "AbC", "--server", Nobody], cancellationToken: new CancellationToken(canceled: true));

        Assert.Equal(ExitCodes.Interrupted, code);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("score --help")]
    [InlineData("replay --help")]
    [InlineData("--version")]
    public async Task Run_Help_IsDataAndOk(string arguments)
    {
        var (code, output, errors) = await CommandLines.RunAsync(arguments);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.NotEmpty(output);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Run_Help_NamesEveryExitCode()
    {
        var (_, output, _) = await CommandLines.RunAsync("--help");

        Assert.All(ExitCodes.All, code => Assert.Contains($"{code.Key} {code.Value}", output.ReplaceLineEndings(" "), StringComparison.Ordinal));
    }

    [Fact]
    public void ExitCodes_AsTheyAre_AreTheContract() => Assert.Equal(
        [
            (0, "ok"), (1, "failure"), (2, "usage"), (3, "not found"), (4, "verdict DENY, with --exit-code"), (5, "unavailable"),
            (6, "verification failed"), (130, "interrupted"),
        ],
        ExitCodes.All.OrderBy(code => code.Key).Select(code => (code.Key, code.Value)));

    private sealed class FaultyWriter : StringWriter
    {
        public override void Write(char value) => throw Fault();

        public override void Write(string? value) => throw Fault();

        public override void WriteLine(string? value) => throw Fault();

        private static InvalidTimeZoneException Fault() => new("198.18.7.9");
    }
}
