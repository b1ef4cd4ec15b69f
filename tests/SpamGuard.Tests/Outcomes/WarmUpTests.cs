using SpamGuard.Cli.Replay;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Tests.Replay;

namespace SpamGuard.Tests.Outcomes;

/// <summary>What a warm-up is worth, on real mail: a week of it, its feedback an hour late, on a store that began a minute before. k8s/OPERATIONS.md, "The first week".</summary>
public sealed class WarmUpTests
{
    private static readonly List<MailEvent> Mails = Read();

    [Theory]
    [InlineData(.6)]
    [InlineData(.7)]
    [InlineData(.8)]
    public async Task FirstWeek_AfterTheOutcomesOfTheWeekBefore_IsJudgedBetter(double from)
    {
        var begin = Mails[(int)(Mails.Count * from)].Time;

        var cold = await FirstWeekAsync(begin, TimeSpan.Zero);
        var warm = await FirstWeekAsync(begin, TimeSpan.FromDays(7));

        Assert.InRange(Auc(cold), .68, .84);
        Assert.InRange(Auc(warm), .90, .93);
        Assert.InRange(Share(cold, spam: true, Verdict.Challenge), .23, .30);
        Assert.InRange(Share(warm, spam: true, Verdict.Challenge), .43, .47);
        Assert.InRange(Share(warm, spam: false, Verdict.Challenge), 0, .007);
        Assert.Equal(0, Share(warm, spam: false, Verdict.Deny));
    }

    private static async Task<List<Judged>> FirstWeekAsync(DateTimeOffset begin, TimeSpan past)
    {
        using var guard = new OfflineSpamGuard(ScoringPolicy.Default, phaseSeconds: 0, seed: 1);
        foreach (var mail in Mails.Where(mail => mail.Time < begin && mail.Time >= begin - past))
        {
            await guard.ReportAsync(mail.Event, Label(mail), begin.AddMinutes(-1));
        }

        var rows = new List<Judged>();
        var feedback = new FeedbackQueue();
        foreach (var mail in Mails.Where(mail => mail.Time >= begin && mail.Time < begin.AddDays(7)))
        {
            while (feedback.TryTake(mail.Time, out var due))
            {
                await guard.ReportAsync(due.Event, due.Label, due.Time);
            }

            var assessment = await guard.ScoreAsync(mail.Event, mail.Time);
            rows.Add(new Judged(mail.Spam, assessment.SpamProbability, assessment.Verdict));
            feedback.Add(mail.Event, Label(mail), mail.Time.AddHours(1));
        }

        return rows;
    }

    // How often a spam mail is thought likelier to be spam than an honest one: a tie is half.
    private static double Auc(List<Judged> rows)
    {
        var pairs = from spam in rows where spam.Spam from honest in rows where !honest.Spam select spam.Probability.CompareTo(honest.Probability);
        return pairs.Average(order => (order + 1) / 2.0);
    }

    private static double Share(List<Judged> rows, bool spam, Verdict atLeast) => rows.Where(row => row.Spam == spam).Average(row => row.Verdict >= atLeast ? 1 : 0);

    private static OutcomeLabel Label(MailEvent mail) => mail.Spam ? OutcomeLabel.Spam : OutcomeLabel.Legitimate;

    private static List<MailEvent> Read()
    {
        using var file = File.OpenRead(Replays.MailEvents);
        using var reader = MailEventReader.Open(file, accounts: false, contents: false, out _)!;
        var mails = new List<MailEvent>();
        while (reader.Read(out var mail, out _) == ReadStep.Event)
        {
            mails.Add(mail);
        }

        return mails;
    }

    private sealed record Judged(bool Spam, double Probability, Verdict Verdict);
}
