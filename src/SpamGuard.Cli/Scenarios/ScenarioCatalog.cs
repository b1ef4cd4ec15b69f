using SpamGuard.Cli.Scenarios.Gates;
using SpamGuard.Cli.Scenarios.World;
using static SpamGuard.Policies.Verdict;

namespace SpamGuard.Cli.Scenarios;

/// <summary>Every scenario with what must hold of it. The gates are a contract: a model that loses one is not released.</summary>
internal static class ScenarioCatalog
{
    private const ScenarioModes Starred = ScenarioModes.WithDigests;
    private const ScenarioModes Memory = ScenarioModes.Memory;

    private static readonly Gate NoDeny = Must.Never(Deny);

    /// <summary>Those that are the background of all others, in every mode, and those about one mode.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("carrier NAT", ScenarioModes.All, CarrierNat.Write,
            new Part(CarrierNat.Messages, Starred, NoDeny, Must.StayBelow(Throttle, .001), Must.StayBelow(Challenge, .01)),
            new Part(CarrierNat.SignUps, Starred, NoDeny, Must.StayBelow(Challenge, .02)),
            new Part(CarrierNat.Spam, Memory, Must.Reach(Challenge, .75), Must.Reach(Throttle, .60)),
            new Part(CarrierNat.Messages, ScenarioModes.NoDigests, NoDeny, Must.StayBelow(Throttle, .06)),
            new Part(CarrierNat.SignUps, ScenarioModes.NoDigests, NoDeny, Must.StayBelow(Throttle, .06))),
        new("campus", ScenarioModes.All, Campus.Write,
            new Part(Campus.Messages, Starred, NoDeny, Must.StayBelow(Challenge, .04)),
            new Part(Campus.Surge, Starred, NoDeny, Must.StayWithin(Throttle, .35))),
        new("mobile", ScenarioModes.All, Mobile.Write, new Part(Mobile.Traffic, Starred, NoDeny, Must.StayBelow(Challenge, .04))),
        new("homes", ScenarioModes.All, Homes.Write,
            new Part(Homes.V4, Starred, NoDeny, Must.StayBelow(Throttle, .003), Must.StayBelow(Challenge, .03)),
            new Part(Homes.V6, Starred, NoDeny, Must.StayBelow(Throttle, .003), Must.StayBelow(Challenge, .03))),
        new("cold conference", Starred, ColdConference.Write, new Part(ColdConference.SignUps, Starred, NoDeny, Must.StayWithin(Challenge, .50))),
        new("burst", Starred, Burst.Write,
            new Part(Burst.SignUps, Starred, Must.ComeBy(Challenge, 3), Must.ComeBy(Throttle, 5), Must.ComeBy(Deny, 8))),
        new("rate sweep", Starred, RateSweep.Write, [.. RateSweep.Intervals.Select(Swept)]),
        new("warmed-up address", Starred, WarmedUp.Write,
            new Part(WarmedUp.By30, Starred, Must.ComeBy(Challenge, 6), Must.ComeBy(Deny, 30)),
            new Part(WarmedUp.By200, Starred, Must.ComeBy(Challenge, 6), Must.ComeBy(Deny, 30))),
        new("IPv6", Starred, Ipv6Attacks.WriteOneSubnet,
            new Part(Ipv6Attacks.OneSubnet, Starred, Must.ComeBy(Challenge, 3), Must.ComeBy(Deny, 15))),
        new("IPv6 hopping", Starred, Ipv6Attacks.WriteHopping,
            new Part(Ipv6Attacks.Hopping, Starred, Must.ComeBy(Challenge, 12), Must.ComeBy(Deny, 50))),
        new("botnet in one /24", Starred, NetworkBotnet.Write,
            new Part(NetworkBotnet.SignUps, Starred, Must.ComeBy(Challenge, 12), Must.Reach(Throttle, .90))),
        new("scattered botnet", Starred, ScatteredBotnet.Write,
            new Part(ScatteredBotnet.FirstWave, Memory, Must.BeMissed("one event each from addresses that nothing is known of")),
            new Part(ScatteredBotnet.NextDay, Memory, Must.ComeBy(Deny, 15), Must.Reach(Throttle, .98))),
        new("low and slow", Starred, LowAndSlow.Write,
            new Part(LowAndSlow.Every4Hours, Starred, Must.ComeBy(Throttle, 15), Must.Reach(Challenge, .55)),
            new Part(LowAndSlow.Every12Hours, Starred, Must.ComeBy(Throttle, 15), Must.Reach(Challenge, .55))),
        new("spam servers", ScenarioModes.All, SpamServers.Write, new Part(SpamServers.Messages, Starred, Must.Reach(Throttle, .95))),
        new("recycled address", Starred, RecycledAddress.Write, new Part(RecycledAddress.Household, Starred, NoDeny, Must.Never(Throttle))),
        new("report bombing", Starred, ReportBombing.Write,
            new Part(ReportBombing.OneReporter, Starred, NoDeny),
            new Part(ReportBombing.OneAccount, Starred, NoDeny),
            new Part(ReportBombing.ThreeReporters, Memory)), // three people may be right: printed, and no gate
        new("same attack", Memory, SameAttack.Write,
            new Part(SameAttack.FastCalledTwice, Memory, Must.BeWithinOneStepOf(SameAttack.Fast)),
            new Part(SameAttack.FastRetries, Memory, Must.BeWithinOneStepOf(SameAttack.Fast)),
            new Part(SameAttack.FastOutOfOrder, Memory, Must.BeWithinOneStepOf(SameAttack.Fast)),
            new Part(SameAttack.FastAcrossEpochs, Memory, Must.BeWithinOneStepOf(SameAttack.Fast)),
            new Part(SameAttack.SlowAcrossEpochs, Memory, Must.BeWithinOneStepOf(SameAttack.Slow))),
        new("flood of messages", ScenarioModes.MembersOnly, Flood.Write,
            new Part(Flood.Messages, ScenarioModes.MembersOnly, Must.BeMissed("message rate is judged per account, with account memory"))),
        new("sign-ups only", Memory, SignUpsOnly.Write,
            new Part(SignUpsOnly.Untold, Memory, NoDeny, Must.BeForGoodFrom(Challenge, 30, 60)),
            new Part(SignUpsOnly.UntoldLater, Memory, NoDeny),
            new Part(SignUpsOnly.Told, Memory, NoDeny),
            new Part(SignUpsOnly.ToldLater, Memory, NoDeny, Must.StayBelow(Challenge, .05))),
    ];

    private static Part Swept(TimeSpan interval, int index)
    {
        List<Gate> gates = interval.TotalSeconds switch
        {
            <= 12 => [Must.ComeBy(Deny, 8), Must.Stay(Challenge)],
            <= 30 => [Must.ComeBy(Deny, 12), Must.Stay(Challenge)],
            <= 600 => [Must.ComeBy(Challenge, 48), Must.Stay(Challenge)],
            <= 1200 => [Must.ComeBy(Challenge, 60), Must.Stay(Challenge)],
            < 3600 => [],
            _ => [Must.Never(Challenge)],
        };
        if (index > 0)
        {
            gates.Add(Must.NotBeHarderThan(RateSweep.Part(RateSweep.Intervals[index - 1])));
        }

        return new Part(RateSweep.Part(interval), Starred, gates);
    }
}
