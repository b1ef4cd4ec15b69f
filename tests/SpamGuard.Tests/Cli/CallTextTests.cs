using Google.Protobuf.WellKnownTypes;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Tests.Cli;

public sealed class CallTextTests
{
    [Fact]
    public void Tables_OfAnAnswerWithAll_ShowEveryFieldThatIsSet()
    {
        var lines = Lines(new Assessment
        {
            Verdict = Verdict.Deny,
            ShadowVerdict = Verdict.Throttle,
            RetryAfter = new Duration { Seconds = 2 },
            SpamProbability = .5,
            Quality = Quality.Degraded,
        });

        Assert.Equal(
            ["field\tvalue", "verdict\tDENY", "shadow_verdict\tTHROTTLE", "spam_probability\t0.5000", "retry_after\t2s", "quality\tDEGRADED"],
            lines.Take(6));
    }

    [Fact]
    public void Tables_OfAnAnswerWithoutCandidateAndWait_HaveNoLineForThem()
    {
        var lines = Lines(new Assessment { Verdict = Verdict.Allow, Quality = Quality.Full });

        Assert.Equal(["field\tvalue", "verdict\tALLOW", "spam_probability\t0.0000", "quality\tFULL"], lines.Take(4));
    }

    private static List<string> Lines(Assessment assessment) => [.. CallText.Tables(assessment).SelectMany(table => table.Lines())];
}
