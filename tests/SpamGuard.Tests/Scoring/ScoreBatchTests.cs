using System.Text;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using SpamGuard.Signals;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Scoring;

/// <summary>A batch is its events one after the other.</summary>
public sealed class ScoreBatchTests
{
    [Fact]
    public async Task ScoreBatch_OfEightSignUpsFromOneAddress_JudgesEachAsASingleCallDoes()
    {
        using var singly = Guard();
        using var together = Guard();
        var expected = new List<Assessment>();
        for (var i = 0; i < 8; i++)
        {
            expected.Add(await singly.ScoreAsync(SignUp(), Start));
        }

        var batch = Assessments(await together.ScoreBatchAsync(Start, [.. Enumerable.Repeat((SignUp(), (Guid?)null), 8)]));

        Assert.Equal(expected.Select(Comparable), batch.Select(Comparable));
        Assert.Equal(
            [
                Verdict.Allow, Verdict.Challenge, Verdict.Challenge, Verdict.Throttle, Verdict.Throttle, Verdict.Throttle, Verdict.Deny, Verdict.Deny,
            ],
            batch.Select(assessment => assessment.Verdict));
    }

    [Fact]
    public async Task ScoreBatch_OfMessagesWhereTotalsMatter_JudgesEachAsASingleCallDoesAndCountsTheSame()
    {
        using var singly = Guard();
        using var together = Guard();
        var events = Enumerable.Range(0, 40).Select(i => Message($"198.18.{i % 20}.9", $"account {i % 7}")).ToList();
        var nextDay = Start.AddDays(1);
        foreach (var guard in new[] { singly, together })
        {
            for (var i = 0; i < 30; i++)
            {
                await guard.ScoreAsync(Message($"198.19.{i}.9"), Start);
                await guard.ReportAsync(Message($"198.19.{i}.9"), OutcomeLabel.Spam, Start);
            }
        }

        var one = new List<Assessment>();
        foreach (var message in events)
        {
            one.Add(await singly.ScoreAsync(message, nextDay));
        }

        var batch = Assessments(await together.ScoreBatchAsync(nextDay, [.. events.Select(message => (message, (Guid?)null))]));

        // Single calls see the totals grow, a batch does not: but what a day adds to them is looked at on the next.
        Assert.Equal(one.Select(Comparable), batch.Select(Comparable));
        Assert.Contains(batch, assessment => assessment.Reasons.Any(reason => reason.Code == "WIDE_REPUTATION"));
        var now = nextDay.ToUnixTimeSeconds();
        Assert.Equal(singly.Aggregates.All(now), together.Aggregates.All(now));
        Assert.Equal(singly.Aggregates.Wide(events[0].Address.Wide, now), together.Aggregates.Wide(events[0].Address.Wide, now));
    }

    [Fact]
    public async Task ScoreBatch_OfDifferentEvents_AnswersInTheirOrder()
    {
        using var guard = Guard();
        for (var i = 0; i < 12; i++)
        {
            await guard.ScoreAsync(SignUp("198.18.7.9"), Start);
            await guard.ScoreAsync(SignUp("198.18.9.9"), Start);
        }

        SpamEvent[] events = [Message("198.18.1.1"), SignUp("198.18.7.9"), SignUp("198.18.2.1"), SignUp("198.18.9.9"), Message("2a01:4f8::1", "a", "c")];
        var batch = Assessments(await guard.ScoreBatchAsync(Start, [.. events.Select(one => (one, (Guid?)null))]));

        Assert.Equal([false, true, false, true, false], batch.Select(assessment => assessment.Verdict == Verdict.Deny));
        Assert.Equal(
            events.Select(one => (one.Kind, one.Address.Wide)),
            batch.Select(assessment =>
            {
                Assert.Equal(TokenState.Valid, guard.Tokens.Open(assessment.DecisionToken, out var decision));
                return (decision!.Footprint.Kind, decision.Footprint.Wide);
            }));
    }

    [Fact]
    public async Task ScoreBatch_WithOneRequestIdTwice_CountsTheSecondAsARetry()
    {
        using var guard = Guard();
        var id = Guid.NewGuid();
        var batch = Assessments(await guard.ScoreBatchAsync(Start, (SignUp(), id), (SignUp("198.18.7.10"), Guid.NewGuid()), (SignUp(), id)));

        Assert.Equal([false, false, true], batch.Select(assessment => assessment.Replayed));
        Assert.Equal(Comparable(batch[0]), Comparable(batch[2]));
        guard.Tokens.Open(batch[0].DecisionToken, out var decision);
        guard.Tokens.Open(batch[2].DecisionToken, out var again);
        Assert.Equal(decision!.Id, again!.Id);
        Assert.Equal(1, (await guard.Store.ReadAsync([decision.Footprint.Subjects[0].Current], default))[0].Today);
        var metrics = await MetricsAsync(guard);
        Assert.Contains("spamguard_spam_probability_count 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_replayed_requests_total 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreBatch_WithOneRequestIdForTwoEventsOfAnAddress_RefusesTheSecondAlone()
    {
        using var guard = Guard();
        var id = Guid.NewGuid();
        var batch = await guard.ScoreBatchAsync(Start, (SignUp(account: "a"), id), (SignUp(account: "b"), id), (SignUp(account: "c"), Guid.NewGuid()));

        Assert.Equal([ScoreFailure.None, ScoreFailure.RequestIdReused, ScoreFailure.None], batch.Select(outcome => outcome.Failure));
        Assert.Equal(Verdict.Challenge, batch[2].Assessment!.Verdict); // the second sign-up of the address, for the refused one counted nothing
    }

    [Fact]
    public async Task ScoreBatch_SentAgainWithItsRequestIds_IsAnsweredTheSameAndCountsNothing()
    {
        using var guard = Guard();
        var events = Enumerable.Range(0, 20)
            .Select(i => (i % 3 == 0 ? Message($"198.18.7.{i % 5}", $"a{i}") : SignUp($"198.18.7.{i % 5}"), (Guid?)Guid.NewGuid())).ToArray();
        var first = Assessments(await guard.ScoreBatchAsync(Start, events));
        var records = guard.Store.RecordCount;
        var all = guard.Aggregates.All(Start.ToUnixTimeSeconds());

        var again = Assessments(await guard.ScoreBatchAsync(Start.AddSeconds(20), events));

        Assert.Equal(first.Select(Comparable), again.Select(Comparable));
        Assert.All(again, assessment => Assert.True(assessment.Replayed));
        Assert.Equal(records, guard.Store.RecordCount);
        Assert.Equal(all, guard.Aggregates.All(Start.ToUnixTimeSeconds()));
        Assert.Contains("spamguard_spam_probability_count 20\n", await MetricsAsync(guard), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreBatch_OfAddressesOfEverySort_GivesEachWhatASingleCallWould()
    {
        using var guard = Guard(ScoringPolicy.Default with { TestAddresses = true });
        var batch = await guard.ScoreBatchAsync(
            Start,
            (SignUp("224.0.0.1"), null),
            (SignUp("203.0.113.4"), null),
            (SignUp("192.168.1.7"), null),
            (SignUp("0.0.0.0"), Guid.NewGuid()),
            (Message(), Guid.NewGuid()));

        Assert.Equal(
            [ScoreFailure.UnusableAddress, ScoreFailure.None, ScoreFailure.None, ScoreFailure.UnusableAddress, ScoreFailure.None],
            batch.Select(outcome => outcome.Failure));
        Assert.Equal("TEST_ADDRESS", Assert.Single(batch[1].Assessment!.Reasons).Code);
        Assert.Equal(Verdict.Deny, batch[1].Assessment!.Verdict);
        Assert.Contains(new Reason("PRIVATE_ADDRESS", 0), batch[2].Assessment!.Reasons);
        Assert.Equal(6, guard.Store.RecordCount); // three each of the private address and of the message's
    }

    [Fact]
    public async Task ScoreBatch_OfNothingThatNeedsTheStore_AsksItNothing()
    {
        using var guard = Guard();

        Assert.Empty(await guard.ScoreBatchAsync(Start));
        Assert.Equal(ScoreFailure.UnusableAddress, Assert.Single(await guard.ScoreBatchAsync(Start, (SignUp("224.0.0.1"), null))).Failure);
        Assert.Equal(0, guard.Store.RecordCount);
    }

    private static List<Assessment> Assessments(ScoreOutcome[] outcomes) => [.. outcomes.Select(outcome => outcome.Assessment!)];

    private static string Comparable(Assessment assessment) => FormattableString.Invariant(
        $"{assessment.Verdict} {assessment.SpamProbability:R} {assessment.RetryAfterSeconds} {assessment.Time} {assessment.ExpireTime} {string.Join(' ', assessment.Reasons)} {string.Join(' ', assessment.Evidence)}");

    private static async Task<string> MetricsAsync(OfflineSpamGuard guard)
    {
        using var page = new MemoryStream();
        await guard.Registry.CollectAndExportAsTextAsync(page);
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
