using SpamGuard.Policies;

namespace SpamGuard.Tests.Policies;

public sealed class ScoringPolicyTests
{
    [Fact]
    public void Default_IsWhatTheModelWasStudiedWith()
    {
        var policy = ScoringPolicy.Default;
        Assert.Equal((false, false, false), (policy.AccountMemory, policy.ContentMemory, policy.TestAddresses));
        Assert.Equal((.05, 20, .01, .2), (policy.Prior, policy.PriorWeight, policy.PriorMin, policy.PriorMax));
        Assert.Equal((8, 2, 1, 1, 1, 1), (policy.WideWeight, policy.RegionWeight, policy.NetworkWeight, policy.AddressWeight, policy.AccountWeight, policy.ContentWeight));
        Assert.Equal(1.6, policy.WideLimit);
        Assert.Equal((60, 300, 3600, 60, -300), (policy.SignUpAddressFastCharge, policy.SignUpNetworkFastCharge, policy.SignUpSlowCharge, policy.MessageAccountFastCharge, policy.MessageSlowCharge));
        Assert.Equal((2.2, 60, 1200, 3600), (policy.Surge, policy.AddressFastUnit, policy.NetworkFastUnit, policy.AccountFastUnit));
        Assert.Equal((144_000, 432_000), (policy.AddressSlowUnit, policy.NetworkSlowUnit));
        Assert.Equal((3, 2), (policy.OthersUnit, policy.OthersFrom));
        Assert.Equal((6, 3, 3.2, 4.5), (policy.FastLimit, policy.AccountFastLimit, policy.SlowLimit, policy.OthersLimit));
        Assert.Equal((200, 20, 4, 60, .05), (policy.Usual, policy.Praise, policy.SharedAllowance, policy.SharedFrom, policy.SharedRatio));
        Assert.Equal((1, .5, .1, 20, .7, 1), (policy.Bursting, policy.GoodStanding, policy.Silence, policy.SilenceCap, policy.RegularBonus, policy.Forgiven));
        Assert.Equal((1, 2, .15, 4, 3), (policy.EvidenceNeeded, policy.HardUnits, policy.HardShare, policy.HardBurst, policy.HardRepeated));
        Assert.Equal((.30, .60, .90), (policy.ChallengeFrom, policy.ThrottleFrom, policy.DenyFrom));
    }

    [Fact]
    public void WithoutShadowed_SignalsInShadow_HaveNoWeightButTheOneThatIsTried()
    {
        var policy = ScoringPolicy.Default with
        {
            Weights = SignalWeights.One.With(SignalCode.AddressBurst, .5),
            ShadowSignals = [SignalCode.AddressBurst, SignalCode.NetworkBurst],
        };

        var live = policy.WithoutShadowed(except: null);
        var tried = policy.WithoutShadowed(SignalCode.AddressBurst);

        Assert.Equal((0, 0, 1), (live.Weights[SignalCode.AddressBurst], live.Weights[SignalCode.NetworkBurst], live.Weights[SignalCode.Standing]));
        Assert.Equal((.5, 0), (tried.Weights[SignalCode.AddressBurst], tried.Weights[SignalCode.NetworkBurst]));
    }
}
