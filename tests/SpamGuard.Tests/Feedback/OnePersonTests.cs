using System.Text;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Scoring;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Feedback;

/// <summary>Nobody condemns an address alone, however often and in whatever way he reports it; ten people do.</summary>
public sealed class OnePersonTests
{
    private const int Decisions = 50;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Report_OfManyDecisionsByOnePerson_IsOneUnitAndNeverADeny(bool accounts, bool byToken)
    {
        using var guard = Guard(ScoringPolicy.Default with { AccountMemory = true });
        var (events, tokens) = await ScoreAsync(guard, accounts);

        var outcomes = await ReportAsync(guard, events, byToken ? tokens : null, _ => "one person");

        Assert.Equal([FeedbackOutcome.Applied, .. Enumerable.Repeat(FeedbackOutcome.Duplicate, Decisions - 1)], outcomes);
        Assert.All(await RecordsAsync(guard, tokens[0]), record => Assert.Equal(1, record.Spam));
        foreach (var one in events.Append(Message()).Append(SignUp()))
        {
            Assert.NotEqual(Verdict.Deny, (await guard.PreviewAsync(one, Start.AddHours(2))).Verdict);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Report_ByTenPeople_IsADeny(bool accounts, bool byToken)
    {
        using var guard = Guard();
        var (events, tokens) = await ScoreAsync(guard, accounts);

        await ReportAsync(guard, events, byToken ? tokens : null, i => $"person {i % 10}");

        Assert.InRange((await RecordsAsync(guard, tokens[0]))[0].Spam, 7, 13); // of ten, some share a bit
        Assert.Equal(Verdict.Deny, (await guard.PreviewAsync(Message(), Start.AddHours(2))).Verdict);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 10)]
    public async Task Report_OfOneAccountAtTenAddresses_CountsOnThatAccountByThePerson(bool byOne, int units)
    {
        using var guard = Guard(ScoringPolicy.Default with { AccountMemory = true });
        for (var i = 0; i < 10; i++)
        {
            var message = Message($"198.{18 + i}.7.9", account: "victim");
            await guard.ScoreAsync(message, Start);
            var reporter = Encoding.UTF8.GetBytes(byOne ? "one person" : $"person {i}");
            Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(message, OutcomeLabel.Spam, Start.AddHours(1), reporter));
        }

        foreach (var address in new[] { "198.18.7.9", "203.0.114.9" })
        {
            var verdict = (await guard.PreviewAsync(Message(address, account: "victim"), Start.AddHours(2))).Verdict;
            Assert.Equal(units > 1, verdict == Verdict.Deny);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Report_OfManyNeighbours_CountsInTheirNetworkByThePerson(bool byOne)
    {
        using var guard = Guard();
        for (var i = 0; i < 10; i++)
        {
            var message = Message($"198.18.{7 + (i % 2)}.{i + 1}");
            var reporter = Encoding.UTF8.GetBytes(byOne ? "one person" : $"person {i}");
            Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(message, OutcomeLabel.Spam, Start.AddHours(1), reporter));
        }

        var stranger = await guard.PreviewAsync(Message("198.18.7.200"), Start.AddHours(2));

        Assert.Equal(!byOne, stranger.Verdict >= Verdict.Throttle);
        var wide = guard.Aggregates.Wide(Address("198.18.7.200").Wide, Start.AddHours(2).ToUnixTimeSeconds()).Spam;
        Assert.InRange(wide, byOne ? 1 : 7, byOne ? 1 : 13); // of ten, some share a bit
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Report_OfOneContentFromManyPlaces_CountsOnItByThePerson(bool byOne)
    {
        using var guard = Guard(ScoringPolicy.Default with { ContentMemory = true });
        for (var i = 0; i < 15; i++)
        {
            var reporter = Encoding.UTF8.GetBytes(byOne ? "one person" : $"person {i}");
            var message = Message($"{20 + i}.18.7.9", content: "words");
            Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(message, OutcomeLabel.Spam, Start.AddHours(1), reporter));
        }

        var stranger = await guard.PreviewAsync(Message("198.18.7.200", content: "words"), Start.AddHours(2));

        Assert.Equal(!byOne, stranger.Verdict >= Verdict.Throttle);
    }

    [Fact]
    public async Task Report_OfOneDecisionByTwoPeople_IsTwoUnitsWhereTheEventHadNoAccount()
    {
        using var guard = Guard();
        var without = (await guard.ScoreAsync(Message("198.18.7.1"), Start)).DecisionToken;
        var with = (await guard.ScoreAsync(Message("198.18.7.2", account: "a"), Start)).DecisionToken;

        foreach (var token in new[] { without, with })
        {
            Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddHours(1), "one"u8.ToArray()));
            Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddHours(1), "two"u8.ToArray()));
        }

        Assert.Equal(2, (await RecordsAsync(guard, without))[0].Spam);
        Assert.Equal(1, (await RecordsAsync(guard, with))[0].Spam);
    }

    [Fact]
    public async Task Report_ByOnePersonByTokenAndByAddress_IsOneUnitALabel()
    {
        using var guard = Guard();
        var person = "one"u8.ToArray();
        var token = (await guard.ScoreAsync(Message(), Start)).DecisionToken;

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(account: "a"), OutcomeLabel.Spam, Start, person));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(token, OutcomeLabel.Spam, Start, person));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(SignUp(account: "b"), OutcomeLabel.Spam, Start, person, Guid.NewGuid(), "other"));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(token, OutcomeLabel.Legitimate, Start, person));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message("198.18.7.10"), OutcomeLabel.Spam, Start, person));

        Assert.Equal((1, 1), ((await RecordsAsync(guard, token))[0].Spam, (await RecordsAsync(guard, token))[0].Ham));
    }

    [Fact]
    public async Task Report_ByOnePersonInTwoEpochs_IsAUnitInEachAndNoDeny()
    {
        using var guard = Guard();
        var person = "one"u8.ToArray();

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start, person));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start.AddDays(3.5), person));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start.AddDays(3.6), person));
        Assert.NotEqual(Verdict.Deny, (await guard.PreviewAsync(Message(), Start.AddDays(3.6))).Verdict);
    }

    [Fact]
    public async Task Report_ByAddressAgainWithItsRequestId_CountsOnceACallerAndLabel()
    {
        using var guard = Guard();
        var (id, other) = (Guid.NewGuid(), Guid.NewGuid());
        var token = (await guard.ScoreAsync(Message(), Start)).DecisionToken;

        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start, requestId: id));
        Assert.Equal(FeedbackOutcome.Duplicate, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start.AddDays(1), requestId: id));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Legitimate, Start, requestId: id));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start, requestId: other));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start, requestId: id, caller: "other"));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start));

        Assert.Equal((4, 1), ((await RecordsAsync(guard, token))[0].Spam, (await RecordsAsync(guard, token))[0].Ham));
    }

    private static async Task<(List<SpamEvent> Events, List<string> Tokens)> ScoreAsync(OfflineSpamGuard guard, bool accounts)
    {
        var (events, tokens) = (new List<SpamEvent>(), new List<string>());
        for (var i = 0; i < Decisions; i++)
        {
            events.Add(Message(account: accounts ? $"account {i}" : ""));
            tokens.Add((await guard.ScoreAsync(events[i], Start.AddSeconds(i))).DecisionToken);
        }

        return (events, tokens);
    }

    // By token where there are some, else by address.
    private static async Task<List<FeedbackOutcome>> ReportAsync(
        OfflineSpamGuard guard, List<SpamEvent> events, List<string>? tokens, Func<int, string> reporter)
    {
        var outcomes = new List<FeedbackOutcome>();
        for (var i = 0; i < Decisions; i++)
        {
            var (time, person) = (Start.AddHours(1).AddSeconds(i), Encoding.UTF8.GetBytes(reporter(i)));
            outcomes.Add(tokens is null
                ? await guard.ReportAsync(events[i], OutcomeLabel.Spam, time, person)
                : await guard.ReportAsync(tokens[i], OutcomeLabel.Spam, time, person));
        }

        return outcomes;
    }

    private static Task<SignalRecord[]> RecordsAsync(OfflineSpamGuard guard, string token) => FeedbackRecorderTests.RecordsAsync(guard, token);
}
