extern alias cli;

using Grpc.Core;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>A server whose store never was there: it starts, it is ready, and it answers by what it remembers itself.</summary>
public sealed class StoreAwayTests(StoreAwayTests.NoStoreFixture server) : IClassFixture<StoreAwayTests.NoStoreFixture>
{
    [Fact]
    public async Task Score_StoreNeverThere_IsAnsweredUnderSaltsOfItsOwn()
    {
        var answers = new List<Assessment>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add((await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("8.8.8.8") }).ResponseAsync.DefaultTimeout()).Assessment);
        }

        var token = answers[^1].DecisionToken;
        var preview = (await server.Scoring.PreviewAsync(new PreviewRequest { DecisionToken = token }).ResponseAsync.DefaultTimeout()).Assessment;
        var explanation = await server.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = token }).ResponseAsync.DefaultTimeout();

        Assert.All(answers.Append(preview), answer => Assert.Equal(Quality.Degraded, answer.Quality));
        Assert.Equal((Verdict.Allow, Verdict.Deny, Verdict.Deny), (answers[0].Verdict, answers[^1].Verdict, preview.Verdict));
        Assert.Equal(Verdict.Deny, explanation.Verdict);
    }

    [Fact]
    public async Task Report_StoreAway_IsUnavailableWithADelayToRetryAfter()
    {
        var report = new ReportOutcomeRequest { Event = Events.SignUp("8.8.8.8"), Label = OutcomeLabel.Spam };
        var error = await Assert.ThrowsAsync<RpcException>(() => server.Feedback.ReportOutcomeAsync(report).ResponseAsync.DefaultTimeout());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal("STORE_UNAVAILABLE", error.Info().Reason);
        Assert.True(error.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds > 0);
    }

    [Fact]
    public async Task ScoreBatch_StoreAway_MarksEachEventThatNeededIt()
    {
        var batch = new ScoreBatchRequest
        {
            Requests = { new ScoreRequest { Event = Events.SignUp("8.8.8.8") }, new ScoreRequest { Event = Events.SignUp("0.0.0.0") }, new ScoreRequest { Event = Events.Message("8.8.4.4") } },
        };

        var results = (await server.Scoring.ScoreBatchAsync(batch).ResponseAsync.DefaultTimeout()).Results;

        Assert.Equal([Quality.Degraded, null, Quality.Degraded], results.Select(result => result.Assessment?.Quality));
        Assert.Equal("INVALID_REQUEST", results[1].Status.GetDetail<Google.Rpc.ErrorInfo>()!.Reason);
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
