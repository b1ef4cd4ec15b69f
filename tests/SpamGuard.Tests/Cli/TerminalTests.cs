using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

public sealed class TerminalTests
{
    private static readonly TextTable Table = new(["figure", "[all]"], [["AUC", "0.93"], ["[red]x[/]", "1"]]);

    [Fact]
    public void Write_NotATerminal_SeparatesByTabs()
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, _ => null);

        terminal.Write(Table);
        terminal.Write(Table with { Prefix = "reason" });

        Assert.Equal(
            ["figure\t[all]", "AUC\t0.93", "[red]x[/]\t1", "reason\tAUC\t0.93", "reason\t[red]x[/]\t1"],
            output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Write_Terminal_DrawsAndTakesNothingForMarkup()
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, name => name == "NO_COLOR" ? "1" : null, outputIsTerminal: true);

        terminal.Write(Table);

        Assert.Contains("[red]x[/]", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("│", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[3", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_TerminalThatIsDumb_SeparatesByTabsAndDrawsNoBar()
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, name => name == "TERM" ? "dumb" : null, outputIsTerminal: true, errorsAreTerminal: true);

        terminal.Write(Table);
        terminal.Say("done");

        Assert.True(await terminal.WithBarAsync("replay", moved => Task.FromResult(moved is null)));
        Assert.StartsWith("figure\t[all]", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("done", errors.ToString().TrimEnd());
    }

    [Fact]
    public void Write_TableWiderThanTheTerminal_ShowsEveryFieldWhole()
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, name => name == "NO_COLOR" ? "1" : null, outputIsTerminal: true);
        var names = Enumerable.Range(0, 12).Select(static i => $"name_of_field_{i}").ToList();

        terminal.Write(new TextTable(names, [[.. names.Select(static name => $"{name}=1")], [.. names.Select(static name => $"{name}=2")]]));

        Assert.All(names, name => Assert.Contains($" {name} ", output.ToString(), StringComparison.Ordinal));
        Assert.All(names, name => Assert.Contains($" {name}=2 ", output.ToString(), StringComparison.Ordinal));
        Assert.All(output.ToString().Split(Environment.NewLine), static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Write_WordLongerThanTheTerminal_IsWholeOnALineOfItsOwn()
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, name => name == "NO_COLOR" ? "1" : null, outputIsTerminal: true);
        var token = new string('t', 200);

        terminal.Write(new TextTable(["field", "value"], [["spam_probability", "0.0500"], ["decision_token", token]]));
        terminal.Write(new TextTable(["line", "verdict", "decision_token"], [["1", "ALLOW", token], ["2", "DENY", token]]));

        var lines = output.ToString().Split(Environment.NewLine);
        Assert.Equal(3, lines.Count(line => line == token));
        Assert.Equal(3, lines.Count(static line => line == "decision_token:"));
        Assert.Contains("│ spam_probability │ 0.0500 │", lines);
        Assert.Contains("│ verdict │ ALLOW │", lines);
        Assert.Contains("│ verdict │ DENY  │", lines);
    }

    [Fact]
    public void Write_WordsOfALineTooLong_BreakNone()
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, name => name == "NO_COLOR" ? "1" : null, outputIsTerminal: true);
        const string Longest = "ScoringService/ScoreBatch,";

        var words = string.Join(' ', Enumerable.Repeat("words", 30));

        terminal.Write(new TextTable(["check", "state", "found", "fix"], [["server_certificate", "unknown", "", ""], ["roles", "ok", $"{Longest} {words}", words]]));

        Assert.Contains(Longest, output.ToString(), StringComparison.Ordinal);
        Assert.All(output.ToString().Split(Environment.NewLine), static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task WithBar_NotATerminal_DrawsNothing()
    {
        var errors = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, errors, _ => null);

        var asked = await terminal.WithBarAsync("replay", moved => Task.FromResult(moved is null));

        Assert.True(asked);
        Assert.Empty(errors.ToString());
    }

    [Fact]
    public void Variable_Empty_IsNone() => Assert.Null(new Terminal(TextWriter.Null, TextWriter.Null, _ => "").Variable("NO_COLOR"));
}
