extern alias cli;

using Grpc.Core;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>A server whose store never was there: it starts, it is ready, and it says what is wrong.</summary>
public sealed class StoreAwayTests(StoreAwayTests.NoStoreFixture server) : IClassFixture<StoreAwayTests.NoStoreFixture>
{
    [Fact]
    public async Task Call_StoreAway_IsUnavailableWithADelayToRetryAfter()
    {
        Func<Task>[] calls =
        [
            async () => await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("8.8.8.8") }),
            async () => await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp("8.8.8.8") }),
            async () => await server.Feedback.ReportOutcomeAsync(
                new ReportOutcomeRequest { Event = Events.SignUp("8.8.8.8"), Label = OutcomeLabel.Spam }),
        ];
        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => call().DefaultTimeout());

            Assert.Equal(StatusCode.Unavailable, error.StatusCode);
            Assert.Equal("STORE_UNAVAILABLE", error.Info().Reason);
            Assert.True(error.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds > 0);
        }
    }

    [Fact]
    public async Task ScoreBatch_StoreAway_SaysSoOfEachEventThatNeededIt()
    {
        var batch = new ScoreBatchRequest
        {
            Requests = { new ScoreRequest { Event = Events.SignUp("8.8.8.8") }, new ScoreRequest { Event = Events.SignUp("0.0.0.0") }, new ScoreRequest { Event = Events.Message("8.8.4.4") } },
        };

        var results = (await server.Scoring.ScoreBatchAsync(batch).ResponseAsync.DefaultTimeout()).Results;

        Assert.Equal(
            ["STORE_UNAVAILABLE", "INVALID_REQUEST", "STORE_UNAVAILABLE"],
            results.Select(result => result.Status.GetDetail<Google.Rpc.ErrorInfo>()!.Reason));
        Assert.Equal([true, false, true], results.Select(result => result.Status.GetDetail<Google.Rpc.RetryInfo>()?.RetryDelay.Seconds > 0));
    }

    [Fact]
    public async Task ReportOfAFile_StoreAway_TriesAgainThenExitsWithUnavailable()
    {
        var csv = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(csv, ["kind,address,label", "message,8.8.8.8,spam"]);
            var (output, errors) = (new StringWriter(), new StringWriter());

            var code = await cli::SpamGuard.Cli.CommandLine.RunAsync(
                ["report", "--file", csv, "--retries", "1", "--server", server.Url(Listener.Grpc)],
                new cli::SpamGuard.Cli.Terminal(output, errors, _ => null),
                CancellationToken.None).DefaultTimeout();

            Assert.Equal(cli::SpamGuard.Cli.ExitCodes.Unavailable, code);
            Assert.StartsWith("UNAVAILABLE: STORE_UNAVAILABLE: ", errors.ToString(), StringComparison.Ordinal);
            Assert.Contains("sent\t0", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(csv);
        }
    }

    [Fact]
    public async Task Ready_StoreAway_IsReady() => Assert.Equal("Healthy", await server.GetAsync(Listener.Health, "/readyz"));

    /// <summary>On a store that nobody runs.</summary>
    public sealed class NoStoreFixture : ServerFixture
    {
        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
            Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:Signals"] = $"127.0.0.1:{FreePorts.TakeOne()},abortConnect=false",
            });
    }
}
