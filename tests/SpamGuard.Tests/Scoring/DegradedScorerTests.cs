using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Signals;
using SpamGuard.Storage;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Scoring;

public sealed class DegradedScorerTests
{
    private const int Burst = 12;

    [Fact]
    public async Task Score_StoreAway_IsAnsweredAndMarked()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        guard.TakeStoreAway();

        var answer = await guard.ScoreAsync(Message());

        Assert.Equal((Verdict.Allow, Quality.Degraded, false), (answer.Verdict, answer.Quality, answer.Replayed));
        Assert.Equal(.05, answer.SpamProbability, 9);
        Assert.Contains(new Reason("STORE_AWAY", 0), answer.Reasons);
        var metrics = await guard.MetricsAsync();
        Assert.Contains("spamguard_assessments_total{event_kind=\"message\",verdict=\"ALLOW\",quality=\"degraded\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_reasons_total{code=\"STORE_AWAY\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Equal(0, guard.Real.RecordCount);
        Assert.Equal(0, guard.Aggregates.All(guard.Clock.Now).Today);
        Assert.Equal(0, guard.Aggregates.Wide(Address("198.18.7.9").Wide, guard.Clock.Now).Today);
    }

    [Fact]
    public async Task Score_BurstDuringAnOutage_IsDeniedFromTheFirstFailedCallOnAndForgottenAfterIt()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        guard.TakeStoreAway();
        Assert.Equal(Verdict.Deny, (await guard.BurstAsync(SignUp(), Burst)).Verdict);

        guard.GiveStoreBack();
        var back = await guard.ScoreAsync(SignUp());
        Assert.Equal((Verdict.Allow, Quality.Full), (back.Verdict, back.Quality));
        Assert.All(back.Evidence, level => Assert.Equal(CountBucket.None, level.Units));
        Assert.Equal(3, guard.Real.RecordCount);

        guard.Time.Advance(StoreHealth.Quiet);
        await guard.ScoreAsync(Message("203.0.113.77"));
        Assert.Null(guard.Health.Outage);
        guard.TakeStoreAway();
        var second = await guard.ScoreAsync(SignUp());
        Assert.Equal((Verdict.Allow, Quality.Degraded), (second.Verdict, second.Quality));
    }

    [Fact]
    public async Task Score_StoreComesAndGoes_IsOneOutageWithOneMemory()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        for (var i = 0; i < Burst; i++)
        {
            guard.TakeStoreAway();
            await guard.ScoreAsync(SignUp());
            guard.GiveStoreBack();
            Assert.Equal(Quality.Full, (await guard.ScoreAsync(Message())).Quality);
            guard.Time.Advance(TimeSpan.FromSeconds(4));
        }

        guard.TakeStoreAway();
        Assert.Equal(Verdict.Deny, (await guard.ScoreAsync(SignUp())).Verdict);
    }

    [Theory]
    [InlineData("Allow", "ALLOW", null)]
    [InlineData("Challenge", "CHALLENGE", null)]
    [InlineData("Deny", "DENY", 2)]
    public async Task Score_AFixedFailureAnswer_IsGivenWhateverTheEvent(string answer, string verdict, int? retryAfter)
    {
        using var guard = await GuardOnAStore.ReadyAsync(SignUpsBy(Enum.Parse<FailureAnswer>(answer)));
        guard.TakeStoreAway();
        for (var i = 0; i < Burst; i++)
        {
            foreach (var assessment in (Assessment[])[await guard.ScoreAsync(SignUp()), await guard.PreviewAsync(SignUp())])
            {
                Assert.Equal((verdict, Quality.Degraded), (assessment.Verdict.Name(), assessment.Quality));
                Assert.Equal(retryAfter, assessment.RetryAfterSeconds);
                Assert.Equal(.05, assessment.SpamProbability, 9);
                Assert.All(assessment.Evidence, level => Assert.Equal(CountBucket.None, level.Units));
            }
        }

        Assert.Equal(0, guard.Health.Outage!.Memory.RecordCount);
        Assert.Equal(Verdict.Allow, (await guard.ScoreAsync(Message())).Verdict); // each kind has its own
    }

    [Fact]
    public async Task Score_AFailureAnswerBeyondTheCap_IsCapped()
    {
        var failure = FailurePolicy.Default with { Answer = FailureAnswer.Deny };
        using var guard = await GuardOnAStore.ReadyAsync(Policy.Of(ScoringPolicy.Default with { Cap = Verdict.Challenge, Failure = failure }));
        guard.TakeStoreAway();

        var answer = await guard.ScoreAsync(SignUp());

        Assert.Equal(Verdict.Challenge, answer.Verdict);
        Assert.Null(answer.RetryAfterSeconds);
    }

    [Theory]
    [InlineData("Local")]
    [InlineData("Allow")]
    public async Task Score_AfterTheGrace_IsNoMilderThanThePolicySays(string answer)
    {
        using var guard = await GuardOnAStore.ReadyAsync(SignUpsBy(Enum.Parse<FailureAnswer>(answer), graceSeconds: 300, Verdict.Challenge));
        guard.TakeStoreAway();
        Assert.Equal(Verdict.Allow, (await guard.ScoreAsync(SignUp("198.18.7.1"))).Verdict);
        guard.Time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(Verdict.Allow, (await guard.ScoreAsync(SignUp("198.18.8.2"))).Verdict);

        guard.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Verdict.Challenge, (await guard.ScoreAsync(SignUp("198.18.9.3"))).Verdict);
        Assert.Equal(Verdict.Challenge, (await guard.PreviewAsync(SignUp("198.18.9.3"))).Verdict);
        Assert.Equal(Verdict.Allow, (await guard.ScoreAsync(Message("198.18.9.3"))).Verdict);
    }

    [Fact]
    public async Task Score_StoreComesAndGoes_GivesTheGraceOnce()
    {
        using var guard = await GuardOnAStore.ReadyAsync(SignUpsBy(FailureAnswer.Allow, graceSeconds: 60, Verdict.Challenge));
        for (var i = 0; i <= 60; i += 5)
        {
            guard.TakeStoreAway();
            Assert.Equal(Verdict.Allow, (await guard.ScoreAsync(SignUp())).Verdict);
            guard.GiveStoreBack();
            await guard.ScoreAsync(Message());
            guard.Time.Advance(TimeSpan.FromSeconds(5));
        }

        guard.TakeStoreAway();
        Assert.Equal(Verdict.Challenge, (await guard.ScoreAsync(SignUp())).Verdict);

        guard.GiveStoreBack();
        guard.Time.Advance(StoreHealth.Quiet);
        await guard.ScoreAsync(Message());
        guard.TakeStoreAway();
        Assert.Equal(Verdict.Allow, (await guard.ScoreAsync(SignUp())).Verdict);
    }

    [Fact]
    public async Task Score_OfARetry_IsAnsweredAsTheFirstCallEvenIfTheGraceEndsBetween()
    {
        using var guard = await GuardOnAStore.ReadyAsync(SignUpsBy(FailureAnswer.Local, graceSeconds: 30, Verdict.Challenge));
        guard.TakeStoreAway();
        await guard.ScoreAsync(Message());
        guard.Time.Advance(TimeSpan.FromSeconds(20));
        var id = Guid.NewGuid();
        var first = await guard.ScoreAsync(SignUp(), id);
        guard.Time.Advance(TimeSpan.FromSeconds(20));
        var retry = await guard.ScoreAsync(SignUp(), id);

        Assert.Equal((Verdict.Allow, true), (retry.Verdict, retry.Replayed));
        Assert.Equal((first.SpamProbability, first.Time), (retry.SpamProbability, retry.Time));
        Assert.Equal(Verdict.Challenge, (await guard.ScoreAsync(SignUp("198.18.9.9"), Guid.NewGuid())).Verdict);
        Assert.Equal(ScoreFailure.RequestIdReused, (await guard.Scorer.ScoreAsync(SignUp(account: "other"), "test", id, default)).Failure);
        guard.Tokens.Open(first.DecisionToken, out var one);
        guard.Tokens.Open(retry.DecisionToken, out var other);
        Assert.Equal(one!.Id, other!.Id);
    }

    [Fact]
    public async Task ScoreBatch_StoreAway_AnswersEveryEventInOrder()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        guard.TakeStoreAway();
        (SpamEvent, Guid?)[] events = [(SignUp("0.0.0.0"), null), .. Enumerable.Repeat((SignUp(), (Guid?)null), Burst), (Message("198.18.9.9"), null)];

        var outcomes = await guard.Scorer.ScoreBatchAsync(events, "test", default);

        Assert.Equal(ScoreFailure.UnusableAddress, outcomes[0].Failure);
        Assert.All(outcomes[1..], outcome => Assert.Equal(Quality.Degraded, outcome.Assessment!.Quality));
        Assert.Equal((Verdict.Allow, Verdict.Deny, Verdict.Allow), (outcomes[1].Assessment!.Verdict, outcomes[Burst].Assessment!.Verdict, outcomes[^1].Assessment!.Verdict));
    }

    [Fact]
    public async Task Preview_StoreAway_KnowsWhatTheOutageKnows()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        var token = (await guard.ScoreAsync(SignUp())).DecisionToken;
        guard.TakeStoreAway();
        await guard.BurstAsync(SignUp(), Burst);
        var records = guard.Health.Outage!.Memory.RecordCount;

        var byEvent = await guard.PreviewAsync(SignUp());
        var byToken = (await guard.PreviewAsync(token)).Assessment!;

        Assert.Equal((Verdict.Deny, Quality.Degraded), (byEvent.Verdict, byEvent.Quality));
        Assert.Equal((Verdict.Deny, Quality.Degraded), (byToken.Verdict, byToken.Quality));
        Assert.Equal(records, guard.Health.Outage!.Memory.RecordCount);
        Assert.Contains("spamguard_previews_total 2\n", await guard.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_ByTheTokenOfAnEventOfTheOutage_DoesNotHoldTheEventAgainstItself()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        var before = await guard.ScoreAsync(SignUp());
        guard.TakeStoreAway();
        await guard.ScoreAsync(SignUp());
        var during = await guard.ScoreAsync(SignUp());

        Assert.Equal((Verdict.Challenge, Quality.Degraded), (during.Verdict, during.Quality));
        Assert.Equal(during.SpamProbability, (await guard.PreviewAsync(during.DecisionToken)).Assessment!.SpamProbability);

        // That one was counted in the store: there is nothing of it to take out of the outage's memory, which holds two.
        Assert.Equal((await guard.PreviewAsync(SignUp())).SpamProbability, (await guard.PreviewAsync(before.DecisionToken)).Assessment!.SpamProbability);
    }

    [Fact]
    public async Task Score_StoreNeverThere_HashesUnderSaltsOfItsOwnWhoseTokensItOpens()
    {
        using var guard = new GuardOnAStore();
        guard.TakeStoreAway();

        var answer = await guard.BurstAsync(SignUp(), Burst);
        Assert.Equal((Verdict.Deny, Quality.Degraded), (answer.Verdict, answer.Quality));
        Assert.Equal(Verdict.Deny, (await guard.PreviewAsync(SignUp())).Verdict);
        Assert.Equal(Verdict.Deny, (await guard.PreviewAsync(answer.DecisionToken)).Assessment!.Verdict);

        guard.GiveStoreBack();
        await guard.Epochs.RefreshAsync(guard.Clock.Now, default);
        Assert.Equal(Quality.Full, (await guard.ScoreAsync(SignUp())).Quality);
        Assert.Equal(TokenState.Valid, guard.Tokens.Open(answer.DecisionToken, out _));

        guard.Salts.Expire(answer.ExpireTime + RetentionClass.Address.EpochSeconds);
        Assert.Equal(TokenState.Invalid, guard.Tokens.Open(answer.DecisionToken, out _));
    }

    [Fact]
    public async Task Calls_ByATokenWhoseSaltIsNotKnownYet_AreUnavailableAndNothingIsSaidOfTheToken()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        var token = (await guard.ScoreAsync(SignUp())).DecisionToken;
        using var starting = new GuardOnAStore();
        starting.TakeStoreAway();

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(TokenState.Unknown, starting.Tokens.Open(token, out _));
            Assert.Equal(ScoreFailure.StoreUnavailable, (await starting.PreviewAsync(token)).Failure);
            foreach (var reporter in (byte[][])[[], [1]])
            {
                var report = new OutcomeReport(OutcomeLabel.Spam, "test", reporter, RequestId: null);
                Assert.Equal(FeedbackOutcome.StoreUnavailable, await starting.Feedback.ReportAsync(token, report, default));
                var own = (await starting.ScoreAsync(SignUp())).DecisionToken; // from here on it has salts of its own
                Assert.Equal(FeedbackOutcome.StoreUnavailable, await starting.Feedback.ReportAsync(own, report, default));
            }
        }
    }

    [Theory]
    [InlineData("Allow")]
    [InlineData("Deny")]
    public async Task Score_OfARetryUnderAFixedAnswer_IsReplayedAndNotCountedAgain(string answer)
    {
        using var guard = await GuardOnAStore.ReadyAsync(SignUpsBy(Enum.Parse<FailureAnswer>(answer), graceSeconds: 30, Verdict.Challenge));
        guard.TakeStoreAway();
        var id = Guid.NewGuid();

        var first = await guard.ScoreAsync(SignUp(), id);
        guard.Time.Advance(TimeSpan.FromSeconds(40));
        var retry = await guard.ScoreAsync(SignUp(), id);

        Assert.Equal((first.Verdict, false, true), (retry.Verdict, first.Replayed, retry.Replayed));
        guard.Tokens.Open(first.DecisionToken, out var one);
        guard.Tokens.Open(retry.DecisionToken, out var other);
        Assert.Equal(one!.Id, other!.Id);
        Assert.Equal(0, guard.Health.Outage!.Memory.RecordCount);
        var verdict = first.Verdict.Name();
        Assert.Contains(
            $"spamguard_assessments_total{{event_kind=\"sign_up\",verdict=\"{verdict}\",quality=\"degraded\"}} 1\n", await guard.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_FixedDenyOfWhatTheModelWouldThrottle_SaysTheShortWait()
    {
        var harsh = SignUpsBy(FailureAnswer.Deny);
        using var guard = await GuardOnAStore.ReadyAsync(harsh with { SignUp = harsh.SignUp with { Prior = .8, EvidenceNeeded = 0 } });
        guard.TakeStoreAway();

        var answer = await guard.ScoreAsync(SignUp());

        Assert.True(answer.SpamProbability > .6);
        Assert.Equal((Verdict.Deny, 2), (answer.Verdict, answer.RetryAfterSeconds));
    }

    [Fact]
    public async Task Score_EpochBeginsDuringAnOutage_IsAnswered()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        guard.TakeStoreAway();
        await guard.BurstAsync(SignUp(), Burst);
        guard.Time.Advance(TimeSpan.FromSeconds(RetentionClass.Address.EpochSeconds));
        Assert.Null(guard.Epochs.Live(guard.Clock.Now));

        Assert.Equal(Verdict.Deny, (await guard.BurstAsync(SignUp(), Burst)).Verdict);
        Assert.Equal(ScoreFailure.None, (await guard.PreviewAsync((await guard.ScoreAsync(SignUp())).DecisionToken)).Failure);
    }

    [Fact]
    public async Task Score_OfARetryWhoseFirstCallCannotBeRead_IsAnsweredLocally()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        var id = Guid.NewGuid();
        var live = guard.Epochs.Live(guard.Clock.Now)!;
        var footprint = EventFootprint.Of(EventKind.SignUp, Address("198.18.7.9"), default, default, [], live, ScoringPolicy.Default);
        var guarding = ReplayContext.Guard(SignUp(), "test", id, footprint, live, default, default);
        await guard.Real.ObserveAsync([new ObservedEvent(footprint.Subjects, guarding with { Context = new byte[3] })], default);

        var answer = await guard.ScoreAsync(SignUp(), id);
        var batch = await guard.Scorer.ScoreBatchAsync([(SignUp(), id), (SignUp("198.18.9.9"), null)], "test", default);

        Assert.Equal((Quality.Degraded, false), (answer.Quality, answer.Replayed));
        Assert.Equal((Quality.Degraded, Quality.Full), (batch[0].Assessment!.Quality, batch[1].Assessment!.Quality));
    }

    [Fact]
    public async Task Report_StoreAway_IsNotTaken()
    {
        using var guard = await GuardOnAStore.ReadyAsync();
        guard.TakeStoreAway();
        var token = (await guard.ScoreAsync(SignUp())).DecisionToken;
        Assert.Equal(FeedbackOutcome.StoreUnavailable, await guard.Feedback.ReportAsync(token, new OutcomeReport(OutcomeLabel.Spam, "test", default, RequestId: null), default));

        guard.GiveStoreBack();
        Assert.Equal(FeedbackOutcome.StateExpired, await guard.Feedback.ReportAsync(token, new OutcomeReport(OutcomeLabel.Spam, "test", default, RequestId: null), default));
        Assert.Equal(0, guard.Real.RecordCount);
    }

    private static Policy SignUpsBy(FailureAnswer answer, int graceSeconds = 300, Verdict afterGrace = Verdict.Allow) =>
        Policy.Default with { SignUp = ScoringPolicy.Default with { Failure = new FailurePolicy(answer, graceSeconds, afterGrace) } };
}
