extern alias cli;

using System.Text.RegularExpressions;
using cli::SpamGuard.Cli;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>The program on a terminal, which <c>script</c> makes, and without one.</summary>
public sealed partial class TerminalProgramTests
{
    private const string Border = "│";

    [Theory]
    [InlineData("xterm-256color", null, true, true)]
    [InlineData("xterm-256color", "1", true, false)]
    [InlineData("dumb", null, false, false)]
    public async Task Doctor_OnATerminal_DrawsAndColoursAsThatTerminalTakesIt(string term, string? noColour, bool draws, bool colours)
    {
        var start = CommandLineProgram.Of("doctor", "--server", "http://127.0.0.1:1");
        var command = string.Join(' ', [start.FileName, .. start.ArgumentList.Select(static argument => $"'{argument}'")]);

        var run = await CommandRun.OfAsync(
            [InstalledProgram.Find("script", "bsdutils"), "-qec", command, "/dev/null"], variables: [new("TERM", term), new("NO_COLOR", noColour), new("COLUMNS", "160")]);

        Assert.Equal(ExitCodes.Unavailable, run.ExitCode);
        Assert.Contains("ConnectionRefused", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            (draws, colours, !draws),
            (run.Output.Contains(Border, StringComparison.Ordinal), run.Output.Contains("\u001b[38;5;9mfail", StringComparison.Ordinal), run.Output.Contains("tcp\tfail\t", StringComparison.Ordinal)));
        Assert.Equal(colours, Colour().IsMatch(run.Output));
    }

    [Fact]
    public async Task Doctor_IntoAPipe_IsPlainLines()
    {
        var start = CommandLineProgram.Of("doctor", "--server", "http://127.0.0.1:1");

        var run = await CommandRun.OfAsync([start.FileName, .. start.ArgumentList], variables: [new("TERM", "xterm-256color"), new("NO_COLOR", null)]);

        Assert.Equal(ExitCodes.Unavailable, run.ExitCode);
        Assert.StartsWith("check\tstate\tfound\tfix\ndns\tok\t1 address\t\ntcp\tfail\tport 1: ConnectionRefused\t", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\u001b\[[0-9;]*m")]
    private static partial Regex Colour();
}
