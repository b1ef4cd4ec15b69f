extern alias client;

using System.Net;
using client::SpamGuard.Client;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Grpc.Core;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>The fake that callers test with does what callers rely on.</summary>
public sealed class FakeClientTests
{
    private static readonly SpamGuardEvent SignUp = SpamGuardEvent.SignUp(IPAddress.Loopback, "a1");

    [Fact]
    public async Task Answer_Challenge_IsMilderOnceItWasPassed()
    {
        var fake = new FakeSpamGuardClient { Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Challenge) };

        var scored = await fake.ScoreAsync(SignUp);
        var before = await fake.PreviewAsync(scored.DecisionToken!, EventKind.SignUp);
        await fake.ReportAsync(scored.DecisionToken!, OutcomeLabel.ChallengePassed);
        var after = await fake.PreviewAsync(scored.DecisionToken!, EventKind.SignUp);

        Assert.Equal((Verdict.Challenge, Verdict.Challenge, Verdict.Allow), (scored.Verdict, before.Verdict, after.Verdict));
        Assert.Same(SignUp, Assert.Single(fake.Scored));
        Assert.Equal(new FakeReport(scored.DecisionToken, SignUp, OutcomeLabel.ChallengePassed, null), Assert.Single(fake.Reports));
        Assert.Equal(Verdict.Challenge, (await fake.ExplainAsync(scored.DecisionToken!)).Verdict);
    }

    [Fact]
    public async Task Report_TheSameAgain_IsADuplicateAsTheServiceSays()
    {
        var fake = new FakeSpamGuardClient();
        var (one, other) = ((await fake.ScoreAsync(SignUp)).DecisionToken!, (await fake.ScoreAsync(SignUp)).DecisionToken!);

        ReportResult[] results =
        [
            await ResultAsync(fake.ReportAsync(one, OutcomeLabel.Spam)),
            await ResultAsync(fake.ReportAsync(one, OutcomeLabel.Spam)),
            await ResultAsync(fake.ReportAsync(one, OutcomeLabel.Spam, "somebody")),
            await ResultAsync(fake.ReportAsync(one, OutcomeLabel.Legitimate)),
            await ResultAsync(fake.ReportAsync(other, OutcomeLabel.Spam)),
            await ResultAsync(fake.ReportAsync(SignUp, OutcomeLabel.Spam)),
            await ResultAsync(fake.ReportAsync(SignUp, OutcomeLabel.Spam)),
            await ResultAsync(fake.ReportAsync(one, OutcomeLabel.ChallengeFailed)),
            await ResultAsync(fake.ReportAsync(one, OutcomeLabel.ChallengeFailed)),
        ];

        const ReportResult Applied = ReportResult.Applied, Duplicate = ReportResult.Duplicate, Recorded = ReportResult.Recorded;
        Assert.Equal([Applied, Duplicate, Applied, Applied, Applied, Applied, Duplicate, Recorded, Recorded], results);

        static async Task<ReportResult> ResultAsync(Task<ReportOutcomeResponse> report) => (await report).Result;
    }

    [Fact]
    public async Task Away_ScoresByTheFallbackAndRefusesTheRest()
    {
        var fake = new FakeSpamGuardClient { IsAway = true, AwayVerdict = Verdict.Challenge };

        var scored = await fake.ScoreAsync(SignUp);

        Assert.Equal((Verdict.Challenge, AssessmentSource.Fallback, (string?)null), (scored.Verdict, scored.Source, scored.DecisionToken));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => fake.ReportAsync(SignUp, OutcomeLabel.Spam))).StatusCode);
    }

    [Fact]
    public async Task Token_ThatItNeverGave_IsRefusedAsTheServiceWould()
    {
        var fake = new FakeSpamGuardClient();

        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => fake.ExplainAsync("none"))).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => fake.PreviewAsync("none", EventKind.SignUp))).StatusCode);
    }

    [Theory]
    [InlineData(Verdict.Allow, false)]
    [InlineData(Verdict.Challenge, false)]
    [InlineData(Verdict.Throttle, true)]
    [InlineData(Verdict.Deny, true)]
    public async Task Answer_SaysHowLongToWaitWhereTheServiceDoes(Verdict verdict, bool waits)
    {
        var fake = new FakeSpamGuardClient { Answer = _ => FakeSpamGuardClient.Assessment(verdict) };

        var many = await fake.ScoreManyAsync([SignUp, SignUp]);

        Assert.All(many, one => Assert.Equal((verdict, waits), (one.Verdict, one.RetryAfter is not null)));
        Assert.Equal(2, many.Select(static one => one.DecisionToken).Distinct(StringComparer.Ordinal).Count());
    }
}
