using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Testing;
using SpamGuard.V1;
using PolicySource = SpamGuard.Policies.PolicySource;
using Verdict = SpamGuard.V1.Verdict;

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
            await RetryAsync(() => ReportAsync(new ReportOutcomeRequest
            {
                Event = Events.Message("33.0.0.1"), Label = OutcomeLabel.Spam, Reporter = "digest-of-one-person",
            }));
        }

        Assert.Equal(CountBucket.Few, await AddressReportsAsync("33.0.0.1"));
    }

    [Theory]
    [InlineData("38.0.0.1", false)]
    [InlineData("38.0.1.1", true)]
    public async Task ReportOutcome_OneReporterOfManyDecisions_CountsOnceAndNeverDenies(string address, bool accounts)
    {
        for (var i = 0; i < 50; i++)
        {
            var scored = Events.Message(address);
            scored.Account = accounts ? $"account {i % 10}" : string.Empty;
            await RetryAsync(async () =>
            {
                var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = scored })).Assessment.DecisionToken;
                await ReportAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam, Reporter = "digest-of-one-person" });
            });
        }

        Assert.Equal(CountBucket.Few, await AddressReportsAsync(address));
        Assert.NotEqual(Verdict.Deny, (await PreviewAsync(address)).Verdict);

        for (var i = 0; i < 20; i++)
        {
            var person = $"digest of person {i}";
            await RetryAsync(() => ReportAsync(new ReportOutcomeRequest { Event = Events.Message(address), Label = OutcomeLabel.Spam, Reporter = person }));
        }

        Assert.Equal(Verdict.Deny, (await PreviewAsync(address)).Verdict);
    }

    [Fact]
    public async Task ReportOutcome_ByAddressAgainWithItsRequestId_CountsOnce()
    {
        var request = new ReportOutcomeRequest
        {
            Event = Events.Message("39.0.0.1"), Label = OutcomeLabel.Spam, RequestId = "0d0c4f0e-6a0e-4a52-9a53-0c4b2f6f1a11",
        };

        var first = await ReportAsync(request);
        var second = await ReportAsync(request);

        Assert.Equal((ReportResult.Applied, ReportResult.Duplicate), (first.Result, second.Result));
        Assert.Equal(CountBucket.Few, await AddressReportsAsync("39.0.0.1"));
    }

    [Fact]
    public async Task ReportOutcome_RequestIdThatIsNone_NamesItsField()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ReportAsync(
            new ReportOutcomeRequest { Event = Events.Message("39.0.1.1"), Label = OutcomeLabel.Spam, RequestId = "again" }));

        Assert.Equal("request_id", Assert.Single(error.Detail<Google.Rpc.BadRequest>().FieldViolations).Field);
    }

    [Fact]
    public async Task ReportOutcome_OfACallerThatThePolicyDoesNotTrust_CountsNothing()
    {
        var policies = server.Services.GetRequiredService<PolicySource>();
        var before = policies.Current.Policy;
        policies.Replace(before with { ReportsTrustedByDefault = false });
        try
        {
            var response = await ReportAsync(new ReportOutcomeRequest { Event = Events.Message("40.0.0.1"), Label = OutcomeLabel.Spam });

            Assert.Equal(new ReportOutcomeResponse { Applied = false, Result = ReportResult.Untrusted }, response);
            Assert.Equal(CountBucket.None, await AddressReportsAsync("40.0.0.1"));
        }
        finally
        {
            policies.Replace(before);
        }
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

    // On a busy machine the store may miss its budget: one more report of a person counts nothing, which is what is asked here.
    private static Task RetryAsync(Func<Task> call) => Poll.UntilAsync(async () =>
    {
        try
        {
            await call();
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }).DefaultTimeout();

    private async Task<Assessment> PreviewAsync(string address) =>
        (await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.Message(address) }).ResponseAsync.DefaultTimeout()).Assessment;

    private async Task<CountBucket> AddressReportsAsync(string address) =>
        (await PreviewAsync(address)).Evidence.Single(level => level.Level == SubjectLevel.Address).SpamReports;
}

/// <summary>On the embedded store.</summary>
public sealed class EmbeddedFeedbackServiceTests(ServerFixture server) : FeedbackServiceTests(server), IClassFixture<ServerFixture>;

/// <summary>On Redis.</summary>
public sealed class RedisFeedbackServiceTests(RedisServerFixture server) : FeedbackServiceTests(server), IClassFixture<RedisServerFixture>;
