using Grpc.Core;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>What became of an event comes back, by token and by address.</summary>
public abstract class FeedbackServiceTests(ServerFixture server)
{
    [Fact]
    public async Task ReportOutcome_ByToken_IsAppliedOnceALabel()
    {
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.Message("31.0.0.1") })).Assessment.DecisionToken;

        var first = await ReportAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam });
        var second = await ReportAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam });

        Assert.Equal(new ReportOutcomeResponse { Applied = true, Result = ReportResult.Applied }, first);
        Assert.Equal(new ReportOutcomeResponse { Applied = false, Result = ReportResult.Duplicate }, second);
        Assert.Equal(CountBucket.Few, await AddressReportsAsync("31.0.0.1"));
    }

    [Fact]
    public async Task ReportOutcome_ByAddress_RaisesTheProbability()
    {
        var before = await PreviewAsync("32.0.0.1");

        for (var i = 0; i < 3; i++)
        {
            var response = await ReportAsync(new ReportOutcomeRequest { Event = Events.Message("32.0.0.1"), Label = OutcomeLabel.Spam });
            Assert.Equal(ReportResult.Applied, response.Result);
        }

        var after = await PreviewAsync("32.0.0.1");
        Assert.True(after.SpamProbability > before.SpamProbability);
        Assert.Equal(CountBucket.Some, await AddressReportsAsync("32.0.0.1"));
    }

    [Fact]
    public async Task ReportOutcome_OneReporterManyTimes_CountsOnce()
    {
        for (var i = 0; i < 10; i++)
        {
            // On a busy machine the store may miss its budget: one more report of this person counts nothing, which is what is asked here.
            await Poll.UntilAsync(async () =>
            {
                try
                {
                    await ReportAsync(new ReportOutcomeRequest
                    {
                        Event = Events.Message("33.0.0.1"), Label = OutcomeLabel.Spam, Reporter = "digest-of-one-person",
                    });
                    return true;
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    return false;
                }
            }).DefaultTimeout();
        }

        Assert.Equal(CountBucket.Few, await AddressReportsAsync("33.0.0.1"));
    }

    [Fact]
    public async Task ReportOutcome_FailedChallenge_IsRecordedAndCountsNothing()
    {
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("34.0.0.1") })).Assessment.DecisionToken;

        var response = await ReportAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.ChallengeFailed });

        Assert.Equal(new ReportOutcomeResponse { Applied = false, Result = ReportResult.Recorded }, response);
        Assert.Equal(CountBucket.None, await AddressReportsAsync("34.0.0.1"));
    }

    [Fact]
    public async Task ReportOutcome_Legitimate_IsAPraise()
    {
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("35.0.0.1") })).Assessment.DecisionToken;

        await ReportAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.ChallengePassed });

        var address = (await PreviewAsync("35.0.0.1")).Evidence.Single(level => level.Level == SubjectLevel.Address);
        Assert.Equal(CountBucket.Few, address.LegitimateReports);
    }

    private async Task<ReportOutcomeResponse> ReportAsync(ReportOutcomeRequest request) =>
        await server.Feedback.ReportOutcomeAsync(request).ResponseAsync.DefaultTimeout();

    private async Task<Assessment> PreviewAsync(string address) =>
        (await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.Message(address) }).ResponseAsync.DefaultTimeout()).Assessment;

    private async Task<CountBucket> AddressReportsAsync(string address) =>
        (await PreviewAsync(address)).Evidence.Single(level => level.Level == SubjectLevel.Address).SpamReports;
}

/// <summary>On the embedded store.</summary>
public sealed class EmbeddedFeedbackServiceTests(ServerFixture server) : FeedbackServiceTests(server), IClassFixture<ServerFixture>;

/// <summary>On Redis.</summary>
public sealed class RedisFeedbackServiceTests(RedisServerFixture server) : FeedbackServiceTests(server), IClassFixture<RedisServerFixture>;
