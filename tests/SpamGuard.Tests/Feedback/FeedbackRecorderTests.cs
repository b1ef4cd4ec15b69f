using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Records;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Feedback;

public sealed class FeedbackRecorderTests
{
    [Fact]
    public async Task Report_ByToken_CountsAtEveryLevelOnceALabel()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(Message(account: "a"), Start)).DecisionToken;

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddHours(1)));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddHours(2)));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(token, OutcomeLabel.Legitimate, Start.AddHours(3)));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(token, OutcomeLabel.ChallengePassed, Start.AddHours(4)));

        Assert.All(await RecordsAsync(guard, token), record => Assert.Equal((1, 1, 1), (record.Spam, record.Ham, record.Today)));
    }

    [Fact]
    public async Task Report_ByTheTokensOfARetry_IsOneReport()
    {
        using var guard = Guard();
        var id = Guid.NewGuid();
        var one = (await guard.ScoreAsync(SignUp(), Start, id)).DecisionToken;
        var two = (await guard.ScoreAsync(SignUp(), Start.AddSeconds(5), id)).DecisionToken;

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(one, OutcomeLabel.Spam, Start.AddHours(1)));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(two, OutcomeLabel.Spam, Start.AddHours(1)));
    }

    [Fact]
    public async Task Report_ByTheTokensOfPreviews_IsOneReport()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(Message(), Start)).DecisionToken;
        var later = (await guard.PreviewAsync(token, Start.AddMinutes(1))).Assessment!.DecisionToken;
        var latest = (await guard.PreviewAsync(later, Start.AddMinutes(2))).Assessment!.DecisionToken;

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(latest, OutcomeLabel.Spam, Start.AddHours(1)));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddHours(1)));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(later, OutcomeLabel.Spam, Start.AddHours(1)));
    }

    [Fact]
    public async Task Report_OfAFailedChallenge_CountsNothing()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(SignUp(), Start)).DecisionToken;

        Assert.Equal(FeedbackOutcome.Recorded, await guard.ReportAsync(token, OutcomeLabel.ChallengeFailed, Start.AddHours(1)));
        Assert.Equal(FeedbackOutcome.Recorded, await guard.ReportAsync(SignUp(), OutcomeLabel.ChallengeFailed, Start.AddHours(1)));
        Assert.All(await RecordsAsync(guard, token), record => Assert.Equal((0, 0), (record.Spam, record.Ham)));
    }

    [Fact]
    public async Task Report_ByTokenWhenTheAddressIsGone_CountsNothingAtAnyLevel()
    {
        using var guard = Guard();
        var preview = (await guard.PreviewAsync(SignUp(), Start)).DecisionToken; // nothing was counted, so there is no record

        Assert.Equal(FeedbackOutcome.StateExpired, await guard.ReportAsync(preview, OutcomeLabel.Spam, Start.AddSeconds(1)));
        Assert.Equal(0, guard.Store.RecordCount);
    }

    [Fact]
    public async Task Report_ByTokenInTheNextEpoch_GoesToTheEventsOwn()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(SignUp(), Start)).DecisionToken;

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddDays(3.5)));
        Assert.All(await RecordsAsync(guard, token), record => Assert.Equal(1, record.Spam));
        Assert.Equal(3, guard.Store.RecordCount);
    }

    [Fact]
    public async Task Report_ByAddress_MakesRecordsWhereThereAreNone()
    {
        using var guard = Guard();
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start));
        Assert.Equal(3, guard.Store.RecordCount);
        Assert.True((await guard.PreviewAsync(Message(), Start)).SpamProbability > .3);
    }

    [Fact]
    public async Task Report_ByOnePersonAgainAndAgain_IsOneUnitAndByManyIsMany()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(Message(), Start)).DecisionToken;
        for (var i = 0; i < 20; i++)
        {
            await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start.AddMinutes(i), "one person"u8.ToArray());
        }

        Assert.Equal(1, (await RecordsAsync(guard, token))[0].Spam);
        Assert.True((await guard.PreviewAsync(Message(), Start.AddHours(1))).Verdict < Verdict.Deny);

        for (byte i = 0; i < 20; i++)
        {
            await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start.AddMinutes(i), new byte[] { i });
        }

        Assert.InRange((await RecordsAsync(guard, token))[0].Spam, 10, 40);
    }

    [Fact]
    public async Task Report_ByTheTokensOfManyDecisionsButOnePerson_IsOneUnit()
    {
        using var guard = Guard();
        var tokens = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            tokens.Add((await guard.ScoreAsync(Message(), Start.AddSeconds(i))).DecisionToken);
        }

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(tokens[0], OutcomeLabel.Spam, Start.AddHours(1), "one person"u8.ToArray()));
        foreach (var token in tokens.Take(4).Skip(1))
        {
            Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddHours(1), "one person"u8.ToArray()));
        }

        Assert.Equal(1, (await RecordsAsync(guard, tokens[0]))[0].Spam);
        await guard.ReportAsync(tokens[4], OutcomeLabel.Spam, Start.AddHours(1), "another"u8.ToArray());
        await guard.ReportAsync(tokens[5], OutcomeLabel.Spam, Start.AddHours(1), "a third"u8.ToArray());
        Assert.Equal(3, (await RecordsAsync(guard, tokens[0]))[0].Spam);
    }

    [Fact]
    public async Task Report_WithoutAccountAndReporter_IsAUnitEachTime()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(Message(), Start)).DecisionToken;
        for (var i = 0; i < 5; i++)
        {
            await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start.AddMinutes(i));
        }

        var records = await RecordsAsync(guard, token);
        Assert.Equal(5, records[0].Spam);
        Assert.Equal(1, records[1].Spam); // one address, one member of its network
    }

    [Fact]
    public async Task Report_ByTokenOfAPersonWhereTheEventHadAnAccount_CountsTheAccount()
    {
        using var guard = Guard();
        var one = (await guard.ScoreAsync(Message(account: "a"), Start)).DecisionToken;
        var two = (await guard.ScoreAsync(Message(account: "a"), Start.AddSeconds(1))).DecisionToken;
        await guard.ReportAsync(one, OutcomeLabel.Spam, Start.AddMinutes(1), "p"u8.ToArray());
        await guard.ReportAsync(two, OutcomeLabel.Spam, Start.AddMinutes(1), "q"u8.ToArray());
        Assert.Equal(1, (await RecordsAsync(guard, one))[0].Spam);
    }

    [Fact]
    public async Task Report_ByAForgedToken_IsInvalid()
    {
        using var guard = Guard();
        await guard.ScoreAsync(SignUp(), Start);
        Assert.Equal(FeedbackOutcome.TokenInvalid, await guard.ReportAsync("AQ", OutcomeLabel.Spam, Start));
    }

    [Fact]
    public async Task Report_ByToken_IsMeteredByItsVerdictAndKindOnceItCounts()
    {
        using var guard = Guard();
        var token = (await guard.ScoreAsync(Message(), Start)).DecisionToken;
        var (first, second) = ("one"u8.ToArray(), "two"u8.ToArray());

        await guard.ReportAsync(token, OutcomeLabel.ChallengeFailed, Start);
        Assert.Equal(0, guard.FeedbackDecisions("message", "ALLOW")); // it says nothing of the event
        await guard.ReportAsync(token, OutcomeLabel.Spam, Start, first);
        await guard.ReportAsync(token, OutcomeLabel.Spam, Start, first);
        Assert.Equal((1, 2), (guard.FeedbackDecisions("message", "ALLOW"), guard.Feedback("spam", "ALLOW")));

        await guard.ReportAsync(token, OutcomeLabel.Spam, Start, second);
        await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start);
        Assert.Equal(2, guard.FeedbackDecisions("message", "ALLOW")); // at least the decisions that have an outcome, and maybe more
        Assert.Equal((3, 1, 1), (guard.Feedback("spam", "ALLOW"), guard.Feedback("spam", FeedbackMetrics.UnknownVerdict), guard.Unapplied("duplicate")));
        Assert.Equal(0, guard.FeedbackDecisions("sign_up", "ALLOW"));
    }

    internal static async Task<SignalRecord[]> RecordsAsync(OfflineSpamGuard guard, string token)
    {
        Assert.Equal(TokenState.Valid, guard.Tokens.Open(token, out var decision));
        return await guard.Store.ReadAsync([.. decision!.Footprint.Subjects.Select(subject => subject.Current)], default);
    }
}
