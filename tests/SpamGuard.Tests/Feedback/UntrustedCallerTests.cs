using System.Collections.Immutable;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Feedback;

/// <summary>A calling service that the policy does not trust teaches nothing.</summary>
public sealed class UntrustedCallerTests
{
    private static readonly Policy TrustsNot = new() { ReportsTrusted = Named("forum", trusted: false) };

    [Fact]
    public async Task Report_ByAnUntrustedCaller_CountsNothingAndIsMeteredApart()
    {
        using var guard = new OfflineSpamGuard(TrustsNot, phaseSeconds: 0, seed: 1);
        var token = (await guard.ScoreAsync(Message(), Start)).DecisionToken;
        var kept = guard.Store.RecordCount;

        foreach (var label in OutcomeLabels.All)
        {
            Assert.Equal(FeedbackOutcome.Untrusted, await guard.ReportAsync(token, label, Start.AddMinutes(1), caller: "forum"));
            Assert.Equal(FeedbackOutcome.Untrusted, await guard.ReportAsync(Message("198.18.99.9"), label, Start.AddMinutes(1), caller: "forum"));
            Assert.Equal((0, 0), (guard.Feedback(label.Name(), "ALLOW"), guard.Feedback(label.Name(), FeedbackMetrics.UnknownVerdict)));
        }

        Assert.Equal(kept, guard.Store.RecordCount);
        Assert.All(await FeedbackRecorderTests.RecordsAsync(guard, token), record => Assert.Equal((0, 0), (record.Spam, record.Ham)));
        Assert.Equal(8, guard.Unapplied("untrusted"));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(token, OutcomeLabel.Spam, Start.AddMinutes(2)));
    }

    [Fact]
    public async Task Report_WhereNobodyIsTrustedButOne_CountsHisAlone()
    {
        var policy = new Policy { ReportsTrustedByDefault = false, ReportsTrusted = Named("desk", trusted: true) };
        using var guard = new OfflineSpamGuard(policy, phaseSeconds: 0, seed: 1);

        Assert.Equal(FeedbackOutcome.Untrusted, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start, caller: "forum"));
        Assert.Equal(FeedbackOutcome.Applied, await guard.ReportAsync(Message(), OutcomeLabel.Spam, Start, caller: "desk"));
    }

    private static ImmutableSortedDictionary<string, bool> Named(string caller, bool trusted) => Policy.Default.ReportsTrusted.Add(caller, trusted);
}
