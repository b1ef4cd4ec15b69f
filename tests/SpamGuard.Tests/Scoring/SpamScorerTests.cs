using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Signals;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Scoring;

public sealed class SpamScorerTests
{
    [Fact]
    public async Task Score_OfAnUnknownAddress_AllowsAtThePriorAndSaysWhen()
    {
        using var guard = Guard();
        var assessment = await guard.ScoreAsync(SignUp(), Start);

        Assert.Equal(Verdict.Allow, assessment.Verdict);
        Assert.Equal(.05, assessment.SpamProbability, 9);
        Assert.Equal(["PRIOR"], assessment.Reasons.Select(reason => reason.Code));
        Assert.Null(assessment.RetryAfterSeconds);
        Assert.InRange(assessment.ExpireTime - Start.ToUnixTimeSeconds(), 1, RetentionClass.Address.CapSeconds);
        Assert.Equal(Policy.Default.Revision(), assessment.PolicyRevision);
        Assert.All(assessment.Evidence, level => Assert.Equal((CountBucket.None, CountBucket.None, 0), (level.Units, level.SpamReports, level.OldestDays)));
    }

    [Fact]
    public async Task Score_OfARetry_CountsNothingAndAnswersTheSame()
    {
        using var guard = Guard();
        for (var i = 0; i < 5; i++)
        {
            await guard.ScoreAsync(SignUp(), Start.AddSeconds(i));
        }

        var id = Guid.NewGuid();
        var first = await guard.ScoreAsync(SignUp(), Start.AddSeconds(10), id);
        for (var i = 0; i < 5; i++)
        {
            var retry = await guard.ScoreAsync(SignUp(), Start.AddSeconds(11 + i), id);
            Assert.True(retry.Replayed);
            Assert.Equal(
                (first.Verdict, first.SpamProbability, first.RetryAfterSeconds, first.ExpireTime, first.Time),
                (retry.Verdict, retry.SpamProbability, retry.RetryAfterSeconds, retry.ExpireTime, retry.Time));
            Assert.Equal(first.Reasons, retry.Reasons);
            Assert.Equal(first.Evidence, retry.Evidence);
            Assert.NotEqual(first.DecisionToken, retry.DecisionToken);
        }

        var next = await guard.ScoreAsync(SignUp(), Start.AddSeconds(20), Guid.NewGuid());
        var again = await guard.PreviewAsync(SignUp(), Start.AddSeconds(20));
        Assert.False(next.Replayed);
        Assert.True(again.SpamProbability > next.SpamProbability);
        guard.Tokens.Open(first.DecisionToken, out var one);
        Assert.Equal(7, await TodayAsync(guard, one!));
    }

    [Fact]
    public async Task Score_OfARetry_CountsInNoAggregateAndNoMetricButItsOwn()
    {
        using var guard = Guard();
        var id = Guid.NewGuid();
        for (var i = 0; i < 3; i++)
        {
            await guard.ScoreAsync(Message(), Start.AddSeconds(i), id);
        }

        var now = Start.ToUnixTimeSeconds() + 3;
        Assert.Equal(1, guard.Aggregates.All(now).Today);
        Assert.Equal(1, guard.Aggregates.Wide(Address("198.18.7.9").Wide, now).Today);
        using var page = new MemoryStream();
        await guard.Registry.CollectAndExportAsTextAsync(page);
        var metrics = System.Text.Encoding.UTF8.GetString(page.ToArray());
        Assert.Contains("spamguard_assessments_total{event_kind=\"message\",verdict=\"ALLOW\",quality=\"full\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_spam_probability_count 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_reasons_total{code=\"PRIOR\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_replayed_requests_total 2\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OfAnotherEventUnderTheSameId_IsRefused()
    {
        using var guard = Guard();
        var id = Guid.NewGuid();
        await guard.ScoreAsync(SignUp(account: "a"), Start, id);

        Assert.Equal(ScoreFailure.RequestIdReused, (await guard.TryScoreAsync(SignUp(account: "b"), Start.AddSeconds(1), id)).Failure);
        Assert.Equal(ScoreFailure.RequestIdReused, (await guard.TryScoreAsync(Message(account: "a"), Start.AddSeconds(1), id)).Failure);
        Assert.Equal(ScoreFailure.None, (await guard.TryScoreAsync(SignUp("198.18.7.10", "b"), Start.AddSeconds(1), id)).Failure);
        Assert.Equal(ScoreFailure.None, (await guard.TryScoreAsync(SignUp(account: "b"), Start.AddSeconds(61), id)).Failure);
    }

    [Theory]
    [InlineData("224.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    public async Task Score_OfAnAddressNothingCanComeFrom_IsRefused(string address)
    {
        using var guard = Guard();
        Assert.Equal(ScoreFailure.UnusableAddress, (await guard.TryScoreAsync(SignUp(address), Start)).Failure);
        Assert.Equal(FeedbackOutcome.UnusableAddress, await guard.ReportAsync(SignUp(address), OutcomeLabel.Spam, Start));
        Assert.Equal(0, guard.Store.RecordCount);
    }

    [Fact]
    public async Task Score_OfAPrivateAddress_IsScoredAndSaid()
    {
        using var guard = Guard();
        var assessment = await guard.ScoreAsync(SignUp("192.168.1.7"), Start);

        Assert.Contains(new Reason("PRIVATE_ADDRESS", 0), assessment.Reasons);
        Assert.Equal(3, guard.Store.RecordCount);
    }

    [Theory]
    [InlineData("192.0.2.1", "ALLOW")]
    [InlineData("198.51.100.2", "CHALLENGE")]
    [InlineData("203.0.113.3", "THROTTLE")]
    [InlineData("203.0.113.4", "DENY")]
    [InlineData("2001:db8::1", "ALLOW")]
    [InlineData("2001:db8:7::4", "DENY")]
    public async Task Score_OfATestAddress_IsFixedWhereThePolicySaysSo(string address, string verdict)
    {
        using var guard = Guard(ScoringPolicy.Default with { TestAddresses = true });
        using var production = Guard();
        for (var i = 0; i < 20; i++)
        {
            var assessment = await guard.ScoreAsync(SignUp(address), Start.AddSeconds(i));
            Assert.Equal(verdict, assessment.Verdict.Name());
            Assert.Equal("TEST_ADDRESS", Assert.Single(assessment.Reasons).Code);
            Assert.Equal(assessment.Verdict >= Verdict.Throttle, assessment.RetryAfterSeconds is not null);
            await production.ScoreAsync(SignUp(address), Start.AddSeconds(i));
        }

        Assert.Equal(0, guard.Store.RecordCount);
        Assert.Equal(3, production.Store.RecordCount);
        Assert.Equal(Verdict.Deny, (await production.PreviewAsync(SignUp(address), Start.AddSeconds(20))).Verdict);
    }

    [Fact]
    public async Task Preview_ByTheTokenOfATestOrAPrivateAddress_KnowsWhatItWas()
    {
        using var guard = Guard(ScoringPolicy.Default with { TestAddresses = true });
        var test = await guard.ScoreAsync(SignUp("203.0.113.4"), Start);
        var again = (await guard.PreviewAsync(test.DecisionToken, Start.AddMinutes(1))).Assessment!;
        Assert.Equal((test.Verdict, test.SpamProbability, test.RetryAfterSeconds), (again.Verdict, again.SpamProbability, again.RetryAfterSeconds));
        Assert.Equal("TEST_ADDRESS", Assert.Single(again.Reasons).Code);

        var local = await guard.ScoreAsync(SignUp("10.0.0.7"), Start);
        Assert.Contains(new Reason("PRIVATE_ADDRESS", 0), (await guard.PreviewAsync(local.DecisionToken, Start.AddMinutes(1))).Assessment!.Reasons);
    }

    [Fact]
    public async Task RetryAfter_OfEveryHardVerdict_IsTheShortestWaitUntilAPreviewIsMild()
    {
        using var guard = Guard();
        var checkedVerdicts = new HashSet<Verdict>();
        for (var i = 0; i < 40; i++)
        {
            var time = Start.AddSeconds(12 * i);
            var assessment = await guard.ScoreAsync(SignUp(), time);
            if (assessment.RetryAfterSeconds is not { } wait)
            {
                Assert.True(assessment.Verdict < Verdict.Throttle);
                continue;
            }

            checkedVerdicts.Add(assessment.Verdict);
            Assert.True((await guard.PreviewAsync(SignUp(), time.AddSeconds(wait))).SpamProbability < ScoringPolicy.Default.ThrottleFrom);
            Assert.True((await guard.PreviewAsync(SignUp(), time.AddSeconds(wait - 1))).SpamProbability >= ScoringPolicy.Default.ThrottleFrom);
        }

        Assert.Equal([Verdict.Throttle, Verdict.Deny], checkedVerdicts.Order());
    }

    [Fact]
    public async Task RetryAfter_OfAnAddressCondemnedByReports_EndsAtItsDeadlineAtTheLatest()
    {
        using var guard = Guard();
        for (var i = 0; i < 30; i++)
        {
            await guard.ScoreAsync(Message(), Start.AddSeconds(i));
            await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start.AddSeconds(i));
        }

        var assessment = await guard.ScoreAsync(Message(), Start.AddMinutes(1));
        Assert.Equal(Verdict.Deny, assessment.Verdict);
        Assert.InRange(assessment.RetryAfterSeconds!.Value, 1, assessment.ExpireTime - assessment.Time);
    }

    [Fact]
    public async Task Preview_AnyNumberOfTimes_CountsNothingAndEqualsTheNextScore()
    {
        using var guard = Guard();
        for (var i = 0; i < 4; i++)
        {
            await guard.ScoreAsync(SignUp(), Start.AddSeconds(i));
        }

        var token = "";
        for (var i = 0; i < 10; i++)
        {
            token = (await guard.PreviewAsync(SignUp(), Start.AddSeconds(30))).DecisionToken;
        }

        var byToken = (await guard.PreviewAsync(token, Start.AddSeconds(30))).Assessment!;
        var preview = await guard.PreviewAsync(SignUp(), Start.AddSeconds(30));
        var score = await guard.ScoreAsync(SignUp(), Start.AddSeconds(30));
        Assert.Equal((score.Verdict, score.SpamProbability, score.RetryAfterSeconds), (preview.Verdict, preview.SpamProbability, preview.RetryAfterSeconds));
        Assert.Equal((score.Verdict, score.SpamProbability, score.RetryAfterSeconds), (byToken.Verdict, byToken.SpamProbability, byToken.RetryAfterSeconds));
    }

    // A form that is sent again after its challenge must not find the sign-up that it is about held against it.
    [Fact]
    public async Task Preview_ByTheTokenOfACountedEvent_DoesNotHoldTheEventAgainstItself()
    {
        using var guard = Guard();
        await guard.ScoreAsync(SignUp(), Start);
        var second = await guard.ScoreAsync(SignUp(), Start.AddSeconds(1));
        Assert.Equal(Verdict.Challenge, second.Verdict);

        var pending = (await guard.PreviewAsync(second.DecisionToken, Start.AddSeconds(1))).Assessment!;
        var another = await guard.PreviewAsync(SignUp(), Start.AddSeconds(1));

        Assert.Equal((Verdict.Challenge, second.SpamProbability), (pending.Verdict, pending.SpamProbability));
        Assert.True(another.SpamProbability > pending.SpamProbability);

        await guard.ScoreAsync(SignUp(), Start.AddSeconds(2)); // what came after it does count
        Assert.Equal(another.SpamProbability, (await guard.PreviewAsync(second.DecisionToken, Start.AddSeconds(2))).Assessment!.SpamProbability, 2);
    }

    [Fact]
    public async Task Evidence_AfterTraffic_IsCoarseAndPerLevel()
    {
        using var guard = Guard();
        for (var i = 0; i < 40; i++)
        {
            await guard.ScoreAsync(SignUp($"198.18.7.{i}"), Start.AddMinutes(i));
        }

        await guard.ReportAsync(SignUp("198.18.7.3"), OutcomeLabel.Spam, Start.AddHours(1));
        var evidence = (await guard.PreviewAsync(SignUp("198.18.7.3"), Start.AddDays(1))).Evidence;

        Assert.Equal([SubjectKind.Address, SubjectKind.Network, SubjectKind.Region], evidence.Select(level => level.Level));
        Assert.Equal((CountBucket.Few, CountBucket.Few, 1), (evidence[0].Units, evidence[0].SpamReports, evidence[0].OldestDays));
        Assert.Equal((CountBucket.Many, CountBucket.Few, CountBucket.None), (evidence[1].Units, evidence[1].SpamReports, evidence[1].LegitimateReports));
    }

    [Theory]
    [InlineData(false, false, 3)]
    [InlineData(true, false, 4)]
    [InlineData(false, true, 4)]
    [InlineData(true, true, 5)]
    public async Task Score_OfAMessageWithDigests_MakesRecordsWhereThePolicyRemembers(bool accounts, bool contents, int records)
    {
        using var guard = Guard(ScoringPolicy.Default with { AccountMemory = accounts, ContentMemory = contents });
        await guard.ScoreAsync(Message(account: "a", content: "c"), Start);
        Assert.Equal(records, guard.Store.RecordCount);
    }

    [Fact]
    public async Task Score_InTheNextEpoch_StillKnowsTheLastOne()
    {
        using var guard = Guard();
        for (var i = 0; i < 5; i++)
        {
            await guard.ReportAsync(Message(account: $"{i}"), OutcomeLabel.Spam, Start);
        }

        var before = await guard.PreviewAsync(Message(), Start.AddHours(1));
        var nextEpoch = await guard.PreviewAsync(Message(), Start.AddDays(3.5));
        var twoLater = await guard.PreviewAsync(Message(), Start.AddDays(30));
        Assert.Equal(before.SpamProbability, nextEpoch.SpamProbability, .02); // the totals over all messages have faded a little
        Assert.True(twoLater.SpamProbability < .2);
    }

    private static async Task<int> TodayAsync(OfflineSpamGuard guard, Decision decision) =>
        (await guard.Store.ReadAsync([decision.Footprint.Subjects[0].Current], default))[0].Today;
}
