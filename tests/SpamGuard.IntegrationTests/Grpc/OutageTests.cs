using Grpc.Core;
using SpamGuard.IntegrationTests.Fixtures;
using SpamGuard.Policies;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Grpc.OutageFixture;
using Verdict = SpamGuard.V1.Verdict;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>A server whose store goes away and comes back, in every way that a store does.</summary>
[Collection(nameof(WaitingCollection))]
public sealed class OutageTests(OutageFixture server) : IClassFixture<OutageFixture>
{
    private const int Burst = 12;

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.Hung)]
    [InlineData(Fault.Slow)]
    public async Task Outage_OfEverySort_IsAnsweredLocallyAndForgottenAfterIt(Fault fault)
    {
        var address = $"63.{(int)fault}.0.1";
        await server.DuringAsync(fault, async () =>
        {
            await server.OpenTheCircuitAsync();
            var answers = await BurstAsync(address);
            var preview = await server.PreviewAsync(Events.SignUp(address));

            Assert.All(answers.Append(preview), answer => Assert.Equal(Quality.Degraded, answer.Quality));
            Assert.All(answers, answer => Assert.Contains(answer.Reasons, reason => reason.Code == "STORE_AWAY"));
            Assert.Equal((Verdict.Allow, Verdict.Deny, Verdict.Deny), (answers[0].Verdict, answers[^1].Verdict, preview.Verdict));
        });

        var after = await server.PreviewAsync(Events.SignUp(address));

        // One call of the burst may have been the one that tries whether the store is back: a store that only hangs counts it when it wakes up.
        Assert.Equal(Quality.Full, after.Quality);
        Assert.True(after.Verdict <= Verdict.Challenge, after.ToString());
        Assert.True(after.Evidence.Single(level => level.Level == SubjectLevel.Address).Units <= CountBucket.Few, after.ToString());
    }

    [Fact]
    public async Task Outage_OfARestartedStore_LeavesNothingInItAndTheNextOneBeginsAnew()
    {
        await server.QuietAsync();
        await server.DuringAsync(Fault.Stopped, async () =>
        {
            var request = Events.NewRequestId();
            var first = await server.ScoreAsync(Events.SignUp("64.0.0.1"), request);
            var retry = await server.ScoreAsync(Events.SignUp("64.0.0.1"), request);
            Assert.Equal((false, true), (first.Replayed, retry.Replayed));
            Assert.Equal(Verdict.Deny, (await BurstAsync("64.0.0.1"))[^1].Verdict);
            await server.ShownAsync(line => line.StartsWith("spamguard_store_outage_seconds ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));
            await server.ShownAsync(line => line == "spamguard_local_records 3");
        });
        await server.QuietAsync();

        var keys = (await KeyspaceSink.KeysAsync(server.Redis.Admin)).Select(key => key.ToString());
        Assert.DoesNotContain(keys, key => key[3] is 'a' or 'n' or 'r' or 'q' or 'f');
        await server.ShownAsync(line => line == "spamguard_store_outage_seconds 0");
        await server.ShownAsync(line => line == "spamguard_local_records 0");
        Assert.DoesNotContain(
            "spamguard_assessments_total{event_kind=\"sign_up\",verdict=\"DENY\",quality=\"degraded\"} 0\n", await server.MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains(server.Logs.Logs, log => log.Event.Name == "StoreAway");
        Assert.Contains(server.Logs.Logs, log => log.Event.Name == "StoreBack");

        await server.DuringAsync(Fault.Stopped, async () =>
        {
            var second = await server.ScoreAsync(Events.SignUp("64.0.0.1"));
            Assert.Equal((Verdict.Allow, Quality.Degraded), (second.Verdict, second.Quality));
        });
    }

    [Theory]
    [InlineData("Allow", Verdict.Allow)]
    [InlineData("Challenge", Verdict.Challenge)]
    [InlineData("Deny", Verdict.Deny)]
    public async Task Outage_UnderAFixedFailureAnswer_IsAnsweredByIt(string answer, Verdict verdict)
    {
        var failure = FailurePolicy.Default with { Answer = Enum.Parse<FailureAnswer>(answer) };
        server.Use(Policy.Default with { SignUp = ScoringPolicy.Default with { Failure = failure } });
        await server.DuringAsync(Fault.Stopped, async () =>
        {
            foreach (var signUp in await BurstAsync("65.0.0.1"))
            {
                Assert.Equal((verdict, Quality.Degraded), (signUp.Verdict, signUp.Quality));
                Assert.Equal(verdict == Verdict.Deny ? 2 : null, signUp.RetryAfter?.Seconds);
            }

            Assert.Equal(Verdict.Allow, (await server.ScoreAsync(Events.Message("65.0.0.1"))).Verdict);
        });
        server.Use(Policy.Default);
    }

    [Fact]
    public async Task Report_DuringAnOutage_IsUnavailableWithADelayToRetryAfter() => await server.DuringAsync(Fault.Stopped, async () =>
    {
        var token = (await server.ScoreAsync(Events.SignUp("66.0.0.1"))).DecisionToken;
        var report = new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam };
        var error = await Assert.ThrowsAsync<RpcException>(() => server.Feedback.ReportOutcomeAsync(report).ResponseAsync.DefaultTimeout());
        var explanation = await server.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = token }).ResponseAsync.DefaultTimeout();

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.True(error.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds > 0);
        Assert.Contains(explanation.Reasons, reason => reason.Code == "STORE_AWAY");
    });

    private async Task<List<Assessment>> BurstAsync(string address)
    {
        var answers = new List<Assessment>();
        for (var i = 0; i < Burst; i++)
        {
            answers.Add(await server.ScoreAsync(Events.SignUp(address), Events.NewRequestId()));
        }

        return answers;
    }
}
