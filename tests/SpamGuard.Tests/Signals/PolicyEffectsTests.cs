using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Signals;

namespace SpamGuard.Tests.Signals;

/// <summary>What weights, caps and tags of a policy do to a judgement: nothing but what they say.</summary>
public sealed class PolicyEffectsTests
{
    private const long Now = 20_000 * SignalRecord.DaySeconds;

    [Fact]
    public void Judge_WeightedSignal_CountsByItsFactorAndNoOtherChanges()
    {
        var situation = Burst();
        var plain = SpamModel.Judge(situation, ScoringPolicy.Default);
        var halved = SpamModel.Judge(situation, ScoringPolicy.Default with { Weights = SignalWeights.One.With(SignalCode.AddressBurst, .5) });

        for (var code = 0; code < ReasonCodes.SignalCount; code++)
        {
            Assert.Equal(plain.Values[code] * ((SignalCode)code == SignalCode.AddressBurst ? .5 : 1), halved.Values[code]);
        }

        Assert.Equal(plain.LogOdds - (plain.Values[(int)SignalCode.AddressBurst] / 2), halved.LogOdds, 12);
        Assert.Equal((Verdict.Deny, Verdict.Challenge), (plain.Verdict, halved.Verdict));
    }

    [Fact]
    public void LogOddsOnTheSameDay_UnderWeightsAndTags_AreThoseOfAWholeJudgement()
    {
        var policy = Tagged(("tor", 1.5, null)) with { Weights = SignalWeights.One.With(SignalCode.AddressBurst, .7).With(SignalCode.NetworkBurst, 2) };
        var situation = Burst(tags: "tor");
        var found = SpamModel.Judge(situation, policy);
        situation.Now += 120;

        Assert.Equal(SpamModel.Judge(situation, policy).LogOdds, SpamModel.LogOddsOnTheSameDay(found, situation, policy), 12);
    }

    [Theory]
    [InlineData(Verdict.Allow)]
    [InlineData(Verdict.Challenge)]
    [InlineData(Verdict.Throttle)]
    [InlineData(Verdict.Deny)]
    public void Judge_UnderACap_IsNeverHarderAndAsProbable(object cap)
    {
        var situation = Burst();
        var capped = SpamModel.Judge(situation, ScoringPolicy.Default with { Cap = (Verdict)cap });

        Assert.Equal((Verdict)cap, capped.Verdict);
        Assert.Equal(SpamModel.Judge(situation, ScoringPolicy.Default).LogOdds, capped.LogOdds);
    }

    [Fact]
    public void Judge_TagWithAWeight_AddsItAndIsAReason()
    {
        var plain = SpamModel.Judge(Quiet(), ScoringPolicy.Default);
        var tagged = SpamModel.Judge(Quiet("hosting", "tor"), Tagged(("tor", 2.5, null), ("vpn", 9, null)));

        Assert.Equal(plain.LogOdds + 2.5, tagged.LogOdds, 12);
        Assert.Equal((Verdict.Allow, Verdict.Challenge), (plain.Verdict, tagged.Verdict));
        Assert.Contains(new Reason("TAG_TOR", 2.5), tagged.Reasons());
        Assert.DoesNotContain(tagged.Reasons(), reason => reason.Code is "TAG_HOSTING" or "TAG_VPN");
        Assert.Equal(tagged.LogOdds, tagged.Reasons().Sum(reason => reason.Weight), 12);
    }

    [Fact]
    public void Judge_TagAlone_NeverDenies() =>
        Assert.Equal(Verdict.Throttle, SpamModel.Judge(Quiet("tor"), Tagged(("tor", 9, null))).Verdict);

    [Fact]
    public void Judge_TagsWithCaps_TheMildestCapHolds()
    {
        var policy = Tagged(("carrier_nat", 0, Verdict.Challenge), ("trusted", 0, Verdict.Allow));

        Assert.Equal(Verdict.Deny, SpamModel.Judge(Burst(), policy).Verdict);
        Assert.Equal(Verdict.Challenge, SpamModel.Judge(Burst("carrier_nat"), policy).Verdict);
        Assert.Equal(Verdict.Allow, SpamModel.Judge(Burst("carrier_nat", "trusted"), policy).Verdict);
        Assert.Contains(new Reason("TAG_TRUSTED", 0), SpamModel.Judge(Burst("trusted"), policy).Reasons());
    }

    private static ScoringPolicy Tagged(params (string Tag, double Weight, Verdict? Cap)[] tags) => ScoringPolicy.Default with
    {
        Tags = tags.Aggregate(ScoringPolicy.Default.Tags, static (all, one) => all.Add(one.Tag, new TagPolicy(one.Weight, one.Cap))),
    };

    private static Situation Quiet(params string[] tags)
    {
        var situation = new Situation { Kind = EventKind.SignUp, Now = Now, Tags = tags };
        foreach (var kind in new[] { SubjectKind.Address, SubjectKind.Network, SubjectKind.Region })
        {
            situation.Subjects[(int)kind].Present = true;
        }

        return situation;
    }

    private static Situation Burst(params string[] tags)
    {
        var situation = Quiet(tags);
        for (var i = 0; i < 7; i++)
        {
            situation.Subjects[(int)SubjectKind.Address].Current.CountEvent(Now, SignalRecord.Nobody, fastCharge: 60, slowCharge: 3600);
        }

        return situation;
    }
}
