using SpamGuard.Cli.Scenarios.Gates;
using SpamGuard.Policies;
using static SpamGuard.Cli.Scenarios.Gates.GateResult;
using static SpamGuard.Policies.Verdict;

namespace SpamGuard.Tests.Scenarios;

/// <summary>Answers are written as letters: A, C, T, D.</summary>
public sealed class MustTests
{
    [Theory]
    [InlineData("ACT", true)]
    [InlineData("", true)]
    [InlineData("ACTD", false)]
    public void Never_TheVerdictOrHarder_IsLost(string answers, bool holds) => Holds(holds, Must.Never(Deny), answers);

    [Theory]
    [InlineData("ATAAA", true)]
    [InlineData("ACAA", false)]
    [InlineData("ADAA", false)]
    public void StayBelow_ItsShareOrMore_IsLost(string answers, bool holds) => Holds(holds, Must.StayBelow(Challenge, .25), answers);

    [Theory]
    [InlineData("ACAA", true)]
    [InlineData("ACAT", false)]
    public void StayWithin_MoreThanItsShare_IsLost(string answers, bool holds) => Holds(holds, Must.StayWithin(Challenge, .25), answers);

    [Theory]
    [InlineData("CTDA", true)]
    [InlineData("CTAA", false)]
    [InlineData("", false)]
    public void Reach_LessThanItsShare_IsLost(string answers, bool holds) => Holds(holds, Must.Reach(Challenge, .75), answers);

    [Theory]
    [InlineData("ACT", true)]
    [InlineData("AAD", true)]
    [InlineData("AACT", false)]
    [InlineData("CCCC", false)]
    public void ComeBy_LaterOrNotAtAll_IsLost(string answers, bool holds) => Holds(holds, Must.ComeBy(Throttle, 3), answers);

    [Theory]
    [InlineData("AACTC", true)]
    [InlineData("AAA", true)]
    [InlineData("AACA", false)]
    public void Stay_MilderLater_IsLost(string answers, bool holds) => Holds(holds, Must.Stay(Challenge), answers);

    [Theory]
    [InlineData("ACC", true)]
    [InlineData("ACAACC", true)]
    [InlineData("CCCC", false)]
    [InlineData("AAAAAC", false)]
    public void BeForGoodFrom_EarlierOrLater_IsLost(string answers, bool holds) => Holds(holds, Must.BeForGoodFrom(Challenge, 2, 5), answers);

    [Theory]
    [InlineData("ACCT", "CCTD", true)]
    [InlineData("ACT", "AC", true)]
    [InlineData("AT", "ACD", false)]
    public void NotBeHarderThan_HarderAtAnOrdinal_IsLost(string answers, string others, bool holds) => Holds(holds, Must.NotBeHarderThan("x"), answers, others);

    [Theory]
    [InlineData("ACTD", "CTDT", true)]
    [InlineData("AC", "AD", false)]
    [InlineData("A", "AA", false)]
    public void BeWithinOneStepOf_TwoStepsApartOrFewer_IsLost(string answers, string others, bool holds) =>
        Holds(holds, Must.BeWithinOneStepOf("x"), answers, others);

    [Fact]
    public void BeMissed_CaughtOrNot_IsNeverLost()
    {
        Assert.Equal(DocumentedMiss, Measure(Must.BeMissed("why"), "AAAC").Result);
        Assert.Equal(CaughtAfterAll, Measure(Must.BeMissed("why"), "AACT").Result);
    }

    [Fact]
    public void Measure_Margins_AreWhatIsLeftOfTheRoom()
    {
        Assert.Equal(.5, Measure(Must.StayWithin(Challenge, .5), "AAAC").Margin);
        Assert.Equal(-1, Measure(Must.Never(Challenge), "AAAC").Margin);
        Assert.Equal(.5, Measure(Must.Reach(Challenge, .5), "ACCC").Margin);
        Assert.Equal(.75, Measure(Must.ComeBy(Challenge, 8), "ACCC").Margin);
        Assert.Equal(-1, Measure(Must.ComeBy(Challenge, 8), "A").Margin);
    }

    private static void Holds(bool holds, Gate gate, string answers, string others = "") =>
        Assert.Equal(holds ? Pass : Fail, Measure(gate, answers, others).Result);

    private static Measurement Measure(Gate gate, string answers, string others = "") => gate.Measure(Of(answers), _ => Of(others));

    private static Answers Of(string letters)
    {
        var answers = new Answers();
        foreach (var letter in letters)
        {
            answers.Add((Verdict)"ACTD".IndexOf(letter, StringComparison.Ordinal));
        }

        return answers;
    }
}
