extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Cli.CliRun;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>The command line against the real server: what a script sees.</summary>
public sealed class CommandLineTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Score_ThenExplainPreviewAndReportByItsToken_AnswersEach()
    {
        var (code, output, errors) = await RunAsync("score", "81.7.3.9", "--kind", "message", "--account", "a1", "--content", "c1");

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        var lines = Lines(output);
        Assert.Equal("field\tvalue", lines[0]);
        Assert.Equal("verdict\tALLOW", lines[1]);
        Assert.Contains("quality\tFULL", lines);
        Assert.Contains("replayed\tfalse", lines);
        Assert.Contains(lines, line => line.StartsWith("reason\tPRIOR\t-", StringComparison.Ordinal));
        Assert.Contains("evidence\tADDRESS\tNONE\tNONE\tNONE\t0", lines);
        var token = lines.Single(line => line.StartsWith("decision_token\t", StringComparison.Ordinal)).Split('\t')[1];

        var (explained, explanation, _) = await RunAsync("explain", token);
        var (previewed, preview, _) = await RunAsync("preview", "--token", token);
        var (reported, report, _) = await RunAsync("report", token, "--label", "spam");
        var (again, duplicate, _) = await RunAsync("report", token, "--label", "spam");

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok, ExitCodes.Ok, ExitCodes.Ok), (explained, previewed, reported, again));
        Assert.Contains("kind\tMESSAGE", Lines(explanation));
        Assert.Contains("verdict\tALLOW", Lines(explanation));
        Assert.Contains("evidence\tADDRESS\tFEW\tNONE\tNONE\t0", Lines(preview));
        Assert.Equal(["field\tvalue", "applied\ttrue", "result\tAPPLIED"], Lines(report));
        Assert.Equal(["field\tvalue", "applied\tfalse", "result\tDUPLICATE"], Lines(duplicate));
    }

    [Fact]
    public async Task Score_Json_PrintsTheResponseInSnakeCase()
    {
        var id = Guid.NewGuid().ToString("D");

        var (_, first, _) = await RunAsync("score", "82.7.3.9", "--kind", "sign-up", "--json", "--request-id", id);
        var (code, second, errors) = await RunAsync("score", "82.7.3.9", "--kind", "sign-up", "--json", "--request-id", id);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        using var original = JsonDocument.Parse(first);
        using var retry = JsonDocument.Parse(second);
        var assessment = retry.RootElement.GetProperty("assessment");
        Assert.Equal("VERDICT_ALLOW", assessment.GetProperty("verdict").GetString());
        Assert.Equal(
            original.RootElement.GetProperty("assessment").GetProperty("spam_probability").GetDouble(),
            assessment.GetProperty("spam_probability").GetDouble());
        Assert.False(original.RootElement.GetProperty("assessment").GetProperty("replayed").GetBoolean());
        Assert.True(assessment.GetProperty("replayed").GetBoolean());
    }

    [Fact]
    public async Task Score_Denied_ExitsWithItsCodeOnlyWhereAsked()
    {
        string[] signUp = ["score", "83.7.3.9", "--kind", "sign-up"];
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(ExitCodes.Ok, (await RunAsync(signUp)).Code);
        }

        var (denied, output, _) = await RunAsync([.. signUp, "--exit-code"]);
        var (previewed, _, _) = await RunAsync(["preview", .. signUp[1..], "--exit-code"]);
        var (plain, _, _) = await RunAsync(signUp);

        Assert.Equal((ExitCodes.Denied, ExitCodes.Denied, ExitCodes.Ok), (denied, previewed, plain));
        Assert.Contains("verdict\tDENY", Lines(output));
        Assert.Contains(Lines(output), line => line.StartsWith("retry_after\t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Preview_Address_CountsNothing()
    {
        for (var i = 0; i < 3; i++)
        {
            var (code, output, _) = await RunAsync("preview", "2a01:84::7", "--kind", "sign-up");

            Assert.Equal(ExitCodes.Ok, code);
            Assert.Contains("evidence\tADDRESS\tNONE\tNONE\tNONE\t0", Lines(output));
        }
    }

    [Fact]
    public async Task Report_Address_CountsWithoutAToken()
    {
        var (code, output, _) = await RunAsync("report", "85.7.3.9", "--label", "challenge-passed", "--kind", "sign-up", "--reporter", "r1", "--json");
        var (_, preview, _) = await RunAsync("preview", "85.7.3.9", "--kind", "sign-up");

        Assert.Equal(ExitCodes.Ok, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("REPORT_RESULT_APPLIED", json.RootElement.GetProperty("result").GetString());
        Assert.Contains("evidence\tADDRESS\tNONE\tNONE\tFEW\t0", Lines(preview));
    }

    [Theory]
    [InlineData("score 86.07.3.9 --kind message", "INVALID_ARGUMENT: event.address: Write IPv4 as four decimal numbers")]
    [InlineData("preview 224.0.0.1 --kind message", "INVALID_ARGUMENT: event.address: Send the address of the client")]
    [InlineData("explain AbC", "INVALID_ARGUMENT: decision_token: Send the token exactly as it was answered.")]
    [InlineData("report AbC --label spam", "INVALID_ARGUMENT: decision_token: Send the token exactly as it was answered.")]
    public async Task Run_RefusedByTheServer_SaysFieldAndFixInOneLine(string arguments, string expected)
    {
        var (code, output, errors) = await RunAsync(arguments.Split(' '));

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.Single(Lines(errors));
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => CliRun.OnAsync(server, arguments);
}
