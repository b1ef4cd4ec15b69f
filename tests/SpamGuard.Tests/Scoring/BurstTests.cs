using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Tests.Scoring;

public sealed class BurstTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("198.18.7.9")]
    [InlineData("2a01:4f8:1:2::7")]
    public async Task Score_FiftySignUpsTwelveSecondsApart_ChallengeThrottleDeny(string text)
    {
        using var guard = new OfflineSpamGuard(ScoringPolicy.Default, phaseSeconds: 0, seed: 1);
        Assert.True(ClientAddress.TryParse(text, out var address));

        var verdicts = new List<Verdict>();
        for (var i = 0; i < 50; i++)
        {
            var assessment = await guard.ScoreAsync(new SpamEvent(EventKind.SignUp, address, default, default), Start.AddSeconds(12 * i));
            verdicts.Add(assessment.Verdict);
        }

        Assert.Equal(Verdict.Allow, verdicts[0]);
        Assert.True(verdicts[2] >= Verdict.Challenge, string.Join(' ', verdicts));
        Assert.True(verdicts[4] >= Verdict.Throttle, string.Join(' ', verdicts));
        Assert.True(verdicts[7] >= Verdict.Deny, string.Join(' ', verdicts));
        Assert.All(verdicts.Skip(7), verdict => Assert.Equal(Verdict.Deny, verdict));
    }
}
