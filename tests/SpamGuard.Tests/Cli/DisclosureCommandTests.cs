using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

/// <summary>What <c>spamguard disclosure</c> refuses before any server is asked.</summary>
public sealed class DisclosureCommandTests
{
    private const string TooMany = "There is an argument too many, which is not repeated here.";
    private const string Planted = "203.0.113.9";
    private static readonly string[] Open =
    [
        "disclosure", "open", "--reference-file", "r", "--authority-file", "a", "--authority-type", "court", "--legal-process", "warrant", "--category", "terrorism", "--country", "DE",
        "--valid-until", "7d",
    ];

    [Theory]
    [InlineData(TooMany, "disclosure", "show", "0123456789abcdef", Planted)]
    [InlineData(TooMany, "disclosure", "list", Planted)]
    [InlineData(TooMany, "disclosure", "execute", "0123456789abcdef", "--order-key-file", "k", "--adress", Planted)]
    [InlineData("Required command was not provided.", "disclosure", Planted)]
    [InlineData("Name either --approve or --reject.", "disclosure", "decide", "0123456789abcdef", "--order-key-file", "k", "--reference-file", "r")]
    [InlineData("Name either --approve or --reject.", "disclosure", "decide", "0123456789abcdef", "--approve", "--reject", "--order-key-file", "k", "--reference-file", "r")]
    [InlineData("--approve needs --order-key-file and --reference-file.", "disclosure", "decide", "0123456789abcdef", "--approve", "--reference-file", "r")]
    [InlineData("Option '--order-key-file' is required.", "disclosure", "execute", "0123456789abcdef", "--yes")]
    [InlineData("Nothing was done. With --yes this prints what is still held", "disclosure", "execute", "0123456789abcdef", "--order-key-file", "k")]
    [InlineData("Required argument 'ID' missing for command: 'show'.", "disclosure", "show")]
    public async Task Run_BadCommandLine_SaysSoAndExitsWithUsage(string expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(Planted, arguments);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--valid-until", "tomorrow", "--valid-until is a time such as 2026-01-31T12:00:00Z, or how long from now such as 7d.")]
    [InlineData("--withhold-until", "2026-01-31", "--withhold-until is a time such as 2026-01-31T12:00:00Z, or how long from now such as 7d.")]
    [InlineData("--category", "theft", "Argument 'theft' not recognized.")]
    [InlineData("--authority-type", "judge", "Argument 'judge' not recognized.")]
    public async Task Open_BadValue_SaysWhatIsAllowed(string option, string value, string expected)
    {
        var (code, _, errors) = await RunAsync(Planted, [.. Without(option), option, value]);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--category", "terrorism", "child-exploitation", "other")]
    [InlineData("--legal-process", "court-order", "mutual-legal-assistance", "emergency-request")]
    [InlineData("--authority-type", "court", "intelligence-service", "administration")]
    public async Task Help_OfOpen_NamesTheValues(string option, params string[] values)
    {
        var (code, output, _) = await RunAsync("", ["disclosure", "open", "--help"]);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains(option, output, StringComparison.Ordinal);
        Assert.All(values, value => Assert.Contains(value, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "a line\n", "Standard input must hold the addresses, one a line.")]
    [InlineData(" \n\n", "a line\n", "Standard input must hold the addresses, one a line.")]
    [InlineData("203.0.113.9\n", "", "must hold one line and nothing else.")]
    [InlineData("203.0.113.9\n", "two\nlines\n", "must hold one line and nothing else.")]
    public async Task Open_FilesOfNothingOrOfMore_SaysWhich(string input, string reference, string expected)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, reference);
            string[] arguments = [.. Without("--reference-file", "--authority-file"), "--reference-file", file, "--authority-file", file];

            var (code, output, errors) = await RunAsync(input, arguments);

            Assert.Equal((ExitCodes.Usage, ""), (code, output));
            Assert.EndsWith(expected, errors.TrimEnd(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Open_OverAKeyThatIsThere_IsRefused()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "a line\n");
            string[] arguments = [.. Without("--reference-file", "--authority-file"), "--reference-file", file, "--authority-file", file, "--order-key-out", file];

            var (code, _, errors) = await RunAsync(Planted, arguments);

            Assert.Equal((ExitCodes.Usage, $"--order-key-out: {file} is there already, and is not written over."), (code, errors.TrimEnd()));
            Assert.Equal("a line\n", await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> Without(params string[] options)
    {
        for (var i = 0; i < Open.Length; i++)
        {
            if (options.Contains(Open[i], StringComparer.Ordinal))
            {
                i++;
            }
            else
            {
                yield return Open[i];
            }
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string input, string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, _ => null, input: new StringReader(input));
        var code = await CommandLine.RunAsync(arguments, terminal, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
