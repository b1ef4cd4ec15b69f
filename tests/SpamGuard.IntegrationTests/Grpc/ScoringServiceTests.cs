using Grpc.Core;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>The whole way of an event: channel, server, store and back.</summary>
public abstract class ScoringServiceTests(ServerFixture server)
{
    private ScoringService.ScoringServiceClient Scoring => server.Scoring;

    [Fact]
    public async Task Score_FirstSignUp_IsAllowedAndSaysEverything()
    {
        var assessment = await ScoreAsync(Events.SignUp("8.8.0.1"));

        Assert.Equal(Verdict.Allow, assessment.Verdict);
        Assert.InRange(assessment.SpamProbability, 0, .3);
        Assert.Equal(Quality.Full, assessment.Quality);
        Assert.NotEmpty(assessment.DecisionToken);
        Assert.NotEmpty(assessment.PolicyRevision);
        Assert.False(assessment.Replayed);
        Assert.Null(assessment.RetryAfter);
        Assert.InRange(assessment.ExpireTime.ToDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromDays(7));
        Assert.Equal(
            [SubjectLevel.Address, SubjectLevel.Network, SubjectLevel.Region], assessment.Evidence.Select(level => level.Level));
    }

    [Fact]
    public async Task Score_FiftySignUpsFromOneAddress_AreChallengedThenThrottledThenDenied()
    {
        var verdicts = new List<Verdict>();
        for (var i = 0; i < 50; i++)
        {
            verdicts.Add((await ScoreAsync(Events.SignUp("9.9.9.9"))).Verdict);
        }

        Assert.InRange(verdicts.FindIndex(verdict => verdict >= Verdict.Challenge), 1, 2);
        Assert.InRange(verdicts.FindIndex(verdict => verdict >= Verdict.Throttle), 1, 4);
        Assert.InRange(verdicts.FindIndex(verdict => verdict >= Verdict.Deny), 1, 7);
        Assert.All(verdicts.Skip(8), verdict => Assert.Equal(Verdict.Deny, verdict));
    }

    [Fact]
    public async Task Score_Denied_SaysHowLongToWait()
    {
        Assessment assessment;
        do
        {
            assessment = await ScoreAsync(Events.SignUp("11.0.0.1"));
        }
        while (assessment.Verdict != Verdict.Deny);

        Assert.True(assessment.RetryAfter.Seconds > 0);
        Assert.NotEmpty(assessment.Reasons);
    }

    [Fact]
    public async Task Score_RetryWithItsRequestId_CountsNothingAndAnswersTheSame()
    {
        var request = new ScoreRequest { Event = Events.SignUp("12.0.0.1"), RequestId = Events.NewRequestId() };
        await ScoreAsync(Events.SignUp("12.0.0.1"));

        var first = (await Scoring.ScoreAsync(request)).Assessment;
        var before = await PreviewAsync(Events.SignUp("12.0.0.1"));
        var retry = (await Scoring.ScoreAsync(request)).Assessment;
        var after = await PreviewAsync(Events.SignUp("12.0.0.1"));

        Assert.False(first.Replayed);
        Assert.True(retry.Replayed);
        Assert.NotEqual(first.DecisionToken, retry.DecisionToken);
        Assert.Equal(Comparable(first), Comparable(retry));
        Assert.True(after.SpamProbability <= before.SpamProbability, "The retry was counted.");
    }

    [Fact]
    public async Task Score_RequestIdOfAnotherEvent_IsRefused()
    {
        var id = Events.NewRequestId();
        await Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("13.0.0.1"), RequestId = id });

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Scoring.ScoreAsync(new ScoreRequest { Event = Events.Message("13.0.0.1"), RequestId = id }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("REQUEST_ID_REUSED", error.Info().Reason);
        Assert.Equal("request_id", Assert.Single(error.BadRequest().FieldViolations).Field);
    }

    [Fact]
    public async Task Score_SameAddressInAnyForm_IsOneAddress()
    {
        await ScoreAsync(Events.SignUp("14.0.0.1"));
        await ScoreAsync(Events.SignUp("::ffff:14.0.0.1"));
        await ScoreAsync(new Event { Kind = EventKind.SignUp, AddressBytes = Google.Protobuf.ByteString.CopyFrom(14, 0, 0, 1) });

        var preview = await PreviewAsync(Events.SignUp("14.0.0.1"));

        Assert.True(preview.Verdict >= Verdict.Challenge);
    }

    [Fact]
    public async Task Score_PrivateAddress_IsScoredAndSaidSo()
    {
        var assessment = await ScoreAsync(Events.SignUp("10.1.2.3"));

        Assert.Contains(assessment.Reasons, reason => reason is { Code: "PRIVATE_ADDRESS", Weight: 0 });
    }

    [Fact]
    public async Task Preview_ManyTimes_CountsNothing()
    {
        for (var i = 0; i < 10; i++)
        {
            var preview = await PreviewAsync(Events.SignUp("15.0.0.1"));

            Assert.Equal(Verdict.Allow, preview.Verdict);
            Assert.All(preview.Evidence, level => Assert.Equal(CountBucket.None, level.Units));
        }
    }

    [Fact]
    public async Task Preview_ByDecisionToken_JudgesTheSameEventByWhatIsKnownNow()
    {
        var first = await ScoreAsync(Events.SignUp("16.0.0.1"));
        for (var i = 0; i < 10; i++)
        {
            await ScoreAsync(Events.SignUp("16.0.0.1"));
        }

        var again = (await Scoring.PreviewAsync(new PreviewRequest { DecisionToken = first.DecisionToken })).Assessment;

        Assert.Equal(Verdict.Allow, first.Verdict);
        Assert.Equal(Verdict.Deny, again.Verdict);
    }

    [Fact]
    public async Task Explain_ByDecisionToken_SaysWhatWasDecidedAndWhy()
    {
        await ScoreAsync(Events.SignUp("17.0.0.1"));
        await ScoreAsync(Events.SignUp("17.0.0.1"));
        var assessment = await ScoreAsync(Events.SignUp("17.0.0.1"));

        var explanation = await Scoring.ExplainAsync(new ExplainRequest { DecisionToken = assessment.DecisionToken });

        Assert.Equal(EventKind.SignUp, explanation.Kind);
        Assert.Equal(assessment.Verdict, explanation.Verdict);
        Assert.Equal(assessment.SpamProbability, explanation.SpamProbability, 1e-3);
        Assert.Equal(assessment.Reasons.Select(reason => reason.Code), explanation.Reasons.Select(reason => reason.Code));
        Assert.Equal(assessment.PolicyRevision, explanation.PolicyRevision);
        Assert.InRange(
            explanation.DecisionTime.ToDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(-2), TimeSpan.FromMinutes(1));
    }

    private static Assessment Comparable(Assessment assessment)
    {
        var copy = assessment.Clone();
        copy.DecisionToken = string.Empty;
        copy.Replayed = false;
        return copy;
    }

    private async Task<Assessment> ScoreAsync(Event spamEvent) =>
        (await Scoring.ScoreAsync(new ScoreRequest { Event = spamEvent }).ResponseAsync.DefaultTimeout()).Assessment;

    private async Task<Assessment> PreviewAsync(Event spamEvent) =>
        (await Scoring.PreviewAsync(new PreviewRequest { Event = spamEvent }).ResponseAsync.DefaultTimeout()).Assessment;
}

/// <summary>On the embedded store.</summary>
public sealed class EmbeddedScoringServiceTests(ServerFixture server) : ScoringServiceTests(server), IClassFixture<ServerFixture>;

/// <summary>On Redis.</summary>
public sealed class RedisScoringServiceTests(RedisServerFixture server) : ScoringServiceTests(server), IClassFixture<RedisServerFixture>;
