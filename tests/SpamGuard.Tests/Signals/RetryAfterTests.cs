using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Signals;

namespace SpamGuard.Tests.Signals;

public sealed class RetryAfterTests
{
    private const int Situations = 400;
    private const long Now = (20_000 * SignalRecord.DaySeconds) + 80_000; // late in a day, so that a wait may cross into the next
    private static readonly ScoringPolicy Policy = ScoringPolicy.Default;

    [Fact]
    public void LogOddsOnTheSameDay_OfAnySituation_AreThoseOfAWholeJudgement()
    {
        var random = new Random(1);
        for (var i = 0; i < Situations; i++)
        {
            var situation = Any(random);
            var found = SpamModel.Judge(situation, Policy);
            situation.Now += random.Next(6000);

            Assert.Equal(SpamModel.Judge(situation, Policy).LogOdds, SpamModel.LogOddsOnTheSameDay(found, situation, Policy));
        }
    }

    [Fact]
    public void Seconds_OfAnySituation_AreThoseOfABisectionByWholeJudgements()
    {
        var random = new Random(2);
        for (var i = 0; i < Situations; i++)
        {
            var situation = Any(random);
            var deadline = Now + random.Next(1, 7 * (int)SignalRecord.DaySeconds);

            Assert.Equal(Bisected(situation, deadline), RetryAfter.Seconds(situation, deadline, Policy));
        }
    }

    private static long Bisected(in Situation counted, long deadline)
    {
        long tooShort = 0, enough = Math.Max(1, deadline - counted.Now);
        while (enough - tooShort > 1)
        {
            var wait = tooShort + ((enough - tooShort) / 2);
            var later = counted;
            later.Now += wait;
            later.Wide.Roll(later.Now);
            later.All.Roll(later.Now);
            (tooShort, enough) = SpamModel.Judge(later, Policy).Probability < Policy.ThrottleFrom ? (tooShort, wait) : (wait, enough);
        }

        return enough;
    }

    private static Situation Any(Random random)
    {
        var situation = new Situation { Kind = (EventKind)random.Next(2), Now = Now, Wide = Counts(random), All = Counts(random), Tags = [] };
        for (var kind = 0; kind < SubjectKinds.Count; kind++)
        {
            ref var subject = ref situation.Subjects[kind];
            subject.Present = kind < (int)SubjectKind.Account || random.Next(2) == 0;
            subject.Member = subject.PreviousMember = 1u << random.Next(32);
            subject.Current = Record(random);
            subject.Previous = random.Next(2) == 0 ? default : Record(random);
        }

        return situation;
    }

    private static SignalRecord Record(Random random) => new()
    {
        Format = SignalRecord.CurrentFormat,
        Day = (ushort)((Now / SignalRecord.DaySeconds) - random.Next(3)),
        Fast = (uint)(Now + random.Next(-100, 20_000)),
        Slow = (uint)(Now + random.Next(-100, 400_000)),
        Spam = random.Next(8),
        Ham = random.Next(8),
        Older = random.Next(40),
        Yesterday = random.Next(20),
        Today = random.Next(20),
        Met = (uint)random.Next(),
    };

    private static FadingCounts Counts(Random random) => new()
    {
        Day = Now / SignalRecord.DaySeconds,
        Spam = random.Next(500),
        Ham = random.Next(500),
        Older = random.Next(500),
        Yesterday = random.Next(100),
        Today = random.Next(100),
    };
}
