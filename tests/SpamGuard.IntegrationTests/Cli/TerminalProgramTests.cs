extern alias cli;

using System.Text.RegularExpressions;
using cli::SpamGuard.Cli;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>The program on a terminal, which <c>script</c> makes, and without one.</summary>
public sealed partial class TerminalProgramTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Border = "│";

    [Theory]
    [InlineData("xterm-256color", null, true, true)]
    [InlineData("xterm-256color", "1", true, false)]
    [InlineData("dumb", null, false, false)]
    public async Task Doctor_OnATerminal_DrawsAndColoursAsThatTerminalTakesIt(string term, string? noColour, bool draws, bool colours)
    {
        var run = await OnATerminalAsync(160, ["doctor", "--server", "http://127.0.0.1:1"], term, noColour);

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

    [Fact]
    public async Task Score_OnATerminalOf80Columns_BreaksNoNameAndHasTheTokenOnALineOfItsOwn()
    {
        var run = await OnATerminalAsync(80, ["score", "203.0.113.9", "--kind", "sign-up", "--server", server.Url(Listener.Grpc)]);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Matches($"{Border} spam_probability +{Border}", run.Output);
        var token = run.Output.Split("decision_token:\r\n")[1].Split("\r\n")[0];
        Assert.InRange(token.Length, 100, int.MaxValue);
        var explained = await OnATerminalAsync(80, ["explain", token, "--server", server.Url(Listener.Grpc)]);
        Assert.Equal(ExitCodes.Ok, explained.ExitCode);
    }

    [Fact]
    public async Task Doctor_OnATerminalOf80Columns_BreaksNoWord()
    {
        var run = await OnATerminalAsync(80, ["doctor", "--server", server.Url(Listener.Grpc)]);

        Assert.Contains(" ScoringService/ScoreBatch", run.Output, StringComparison.Ordinal);
        Assert.Contains(Border, run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split("\r\n").Skip(1), static line => Assert.InRange(line.Length, 0, 80)); // the first has what begins a terminal too
    }

    private static Task<CommandRun> OnATerminalAsync(int columns, IReadOnlyList<string> arguments, string term = "xterm", string? noColour = "1")
    {
        var start = CommandLineProgram.Of(arguments);
        var command = string.Join(' ', [start.FileName, .. start.ArgumentList.Select(static argument => $"'{argument}'")]);
        return CommandRun.OfAsync(
            [InstalledProgram.Find("script", "bsdutils"), "-qec", $"stty cols {columns} && {command}", "/dev/null"], variables: [new("TERM", term), new("NO_COLOR", noColour)]);
    }

    [GeneratedRegex(@"\u001b\[[0-9;]*m")]
    private static partial Regex Colour();
}
