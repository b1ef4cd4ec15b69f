extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Cli.CliRun;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>Verbs of batches, of load, of the policy and of the public figures, against the real server.</summary>
public sealed class OperatorVerbTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly string Lines300 = string.Concat(Enumerable.Range(0, 300).Select(static i => $"93.{i / 200}.{i % 200}.7\n"));

    [Fact]
    public async Task ScoreFile_OfMoreThanABatch_AnswersEveryLineAndTellsTheFaultyOnes()
    {
        var (code, output, errors) = await OnAsync(server, ["score", "--file", "-", "--kind", "sign-up"], Lines300 + "\n93.9\n");

        Assert.Equal(ExitCodes.Failure, code);
        var lines = Lines(output);
        Assert.Equal("#event\tline\tverdict\tspam_probability\tquality\tdecision_token", lines[0]);
        Assert.Equal(Enumerable.Range(1, 300).Select(static line => $"event\t{line}\tALLOW"), lines.Skip(1).Select(static line => string.Join('\t', line.Split('\t')[..3])));
        Assert.StartsWith("line 302: event.address: Write IPv4 as four decimal numbers", errors, StringComparison.Ordinal);
        Assert.EndsWith("1 lines could not be taken, and counted nothing.", errors.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("93.", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreFile_Json_IsAnObjectALineAndDenialsHaveTheirCode()
    {
        var (code, output, errors) = await OnAsync(server, ["score", "--file", "-", "--kind", "sign-up", "--json", "--exit-code"], string.Concat(Enumerable.Repeat("94.1.1.1\n", 12)));

        Assert.Equal((ExitCodes.Denied, ""), (code, errors));
        var verdicts = Lines(output).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("assessment").GetProperty("verdict").GetString()).ToList();
        Assert.Equal(("VERDICT_ALLOW", "VERDICT_DENY", 12), (verdicts[0], verdicts[^1], verdicts.Count));
    }

    [Fact]
    public async Task PolicyGet_OfAServer_PrintsEveryKeyOfIt()
    {
        var (code, output, errors) = await OnAsync(server, ["policy", "get"]);
        var (_, json, _) = await OnAsync(server, ["policy", "get", "--json"]);

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        Assert.Contains("source\tBUILT_IN", Lines(output));
        Assert.Contains("policy\tsign_up.thresholds.challenge\t0.3", Lines(output));
        Assert.Equal(Lines(output).Single(static line => line.StartsWith("policy_revision\t", StringComparison.Ordinal)).Split('\t')[1], JsonDocument.Parse(json).RootElement.GetProperty("policy_revision").GetString());
    }

    [Fact]
    public async Task TransparencyReport_OfTheDesk_PrintsTheFiguresByTheirNames()
    {
        var (code, output, errors) = await OnAsync(server, ["transparency", "report"]);
        var (_, json, _) = await OnAsync(server, ["transparency", "report", "--all", "--json"]);
        var (refused, _, why) = await OnAsync(server, ["transparency", "report", "--from", "yesterday"]);

        Assert.Equal((ExitCodes.Ok, "", ExitCodes.Usage), (code, errors, refused));
        Assert.Contains("ledger_sound\ttrue", Lines(output));
        Assert.Contains("requests\treceived\t0", Lines(output));
        Assert.Contains(Lines(output), static line => line.StartsWith("acts\tepoch_rolls\t", StringComparison.Ordinal));
        Assert.True(JsonDocument.Parse(json).RootElement.GetProperty("ledger_sound").GetBoolean());
        Assert.StartsWith("INVALID_ARGUMENT: from: ", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OfASecond_CountsEveryCallAndItsVerdict()
    {
        var (code, output, errors) = await OnAsync(server, ["load", "--rate", "200", "--duration", "1s", "--addresses", "5", "--deadline", "30s", "--json"]);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.StartsWith("Up to 200 events, of addresses that nobody has, count in the store of http://127.0.0.1:", JsonDocument.Parse(errors).RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal((200, 200), (report.GetProperty("calls").GetInt32(), report.GetProperty("answered").GetInt32()));
        Assert.Equal(200, report.GetProperty("verdicts").EnumerateObject().Sum(static verdict => verdict.Value.GetInt32()));
        Assert.True(report.GetProperty("verdicts").TryGetProperty("DENY", out _)); // twenty sign-ups of one address
        Assert.Empty(report.GetProperty("errors").EnumerateObject());
        Assert.True(report.GetProperty("ratio").GetDouble() > 0);
        Assert.True(report.GetProperty("latency_ms").GetProperty("p50").GetDouble() <= report.GetProperty("latency_ms").GetProperty("max").GetDouble());
    }

    [Fact]
    public async Task Load_UpToACount_EndsWithIt()
    {
        var (code, output, _) = await OnAsync(server, ["load", "--rate", "1000", "--count", "7", "--kind", "message", "--deadline", "30s"]);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("calls\t7", Lines(output));
        Assert.Contains(Lines(output), static line => line.StartsWith("latency\tscore\t", StringComparison.Ordinal));
    }
}
