extern alias cli;

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using cli::SpamGuard.Cli;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>Every exit code of the table, by the program itself.</summary>
public sealed class ExitCodeTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Denied = "95.1.1.1";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Codes_OfTheTable_AreWhatTheProgramExitsWith()
    {
        await File.WriteAllTextAsync(_file, "sign_up: {cap: SOMETIMES}\n");
        for (var i = 0; i < 10; i++)
        {
            await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Denied) }).ResponseAsync.DefaultTimeout();
        }

        var url = server.Url(Listener.Grpc);
        var commands = new Dictionary<int, string[]>
        {
            [ExitCodes.Ok] = ["policy", "validate", "default"],
            [ExitCodes.Failure] = ["policy", "validate", _file],
            [ExitCodes.Usage] = ["score"],
            [ExitCodes.NotFound] = ["ledger", "verify", _file + ".no"],
            [ExitCodes.Denied] = ["preview", Denied, "--kind", "sign-up", "--exit-code", "--server", url],
            [ExitCodes.Unavailable] = ["explain", "AbC", "--server", "http://127.0.0.1:1"],
            [ExitCodes.VerificationFailed] = ["ledger", "verify", _file],
        };
        foreach (var (expected, command) in commands)
        {
            var start = CommandLineProgram.Of(command);
            var run = await CommandRun.OfAsync([start.FileName, .. start.ArgumentList]);
            Assert.True(expected == run.ExitCode, $"{string.Join(' ', command)}: {run.ExitCode}\n{run.Output}\n{run.Errors}");
        }

        Assert.Equal(ExitCodes.All.Keys.Order(), commands.Keys.Append(ExitCodes.Interrupted).Order());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Load_Interrupted_ExitsWithItsCodeAndTellsWhatThereIs(string signal)
    {
        var start = CommandLineProgram.Of("load", "--rate", "50", "--duration", "5m", "--server", server.Url(Listener.Grpc));
        var before = await ScoredAsync();
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await Poll.UntilAsync(async () => process.HasExited || await ScoredAsync() > before + 10).DefaultTimeout();
            await CommandRun.OutputOfAsync(["kill", $"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync().DefaultTimeout();

            Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
            Assert.Contains("interrupted\ttrue", await output, StringComparison.Ordinal);
            Assert.Contains("verdict\tALLOW\t", await output, StringComparison.Ordinal);
            Assert.Contains("count in the store", await errors, StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    [Fact]
    public async Task Load_InterruptedWithJson_AnnouncesAtOnceAndSaysAtTheEndWhatHappened()
    {
        using var process = Process.Start(CommandLineProgram.Of("load", "--json", "--rate", "50", "--duration", "5m", "--server", server.Url(Listener.Grpc)))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var announced = JsonNode.Parse((await process.StandardError.ReadLineAsync().DefaultTimeout())!)!;
            await CommandRun.OutputOfAsync(["kill", "-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            var end = JsonNode.Parse(await process.StandardError.ReadToEndAsync().DefaultTimeout())!;
            await process.WaitForExitAsync().DefaultTimeout();

            Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
            Assert.Contains("count in the store", (string?)announced["message"], StringComparison.Ordinal);
            Assert.Null(announced["code"]);
            Assert.Equal("INTERRUPTED", (string?)end["code"]);
            Assert.StartsWith("Interrupted", (string?)end["message"], StringComparison.Ordinal);
            if (await output.DefaultTimeout() is { Length: > 0 } report) // none where it was not connected yet
            {
                Assert.True((bool?)JsonNode.Parse(report)!["interrupted"]);
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private Task<double> ScoredAsync() => server.MetricAsync("""grpc_server_started_total{grpc_service="spamguard.v1.ScoringService",grpc_method="Score",grpc_type="unary"}""");
}
