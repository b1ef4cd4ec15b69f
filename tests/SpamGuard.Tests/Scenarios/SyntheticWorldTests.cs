using SpamGuard.Addresses;
using SpamGuard.Cli.Scenarios;
using SpamGuard.Cli.Scenarios.World;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;

namespace SpamGuard.Tests.Scenarios;

/// <summary>That the world is the one that the gates were set for.</summary>
public sealed class SyntheticWorldTests
{
    private static readonly Lazy<SyntheticWorld> One = new(() => SyntheticWorld.Of(ScenarioCatalog.All, 1, TimeSpan.Zero));

    [Fact]
    public void World_CarrierNat_IsAsTold()
    {
        var all = Of("carrier NAT");
        var people = all.Where(written => written.Part is not CarrierNat.Spam && written.Event.Kind == EventKind.Message).ToList();
        var spam = all.Where(written => written.Part == CarrierNat.Spam).ToList();
        var reports = One.Value.Reports.Where(report => report.About.Scenario == "carrier NAT").ToList();

        Assert.Equal(1, Distinct(all, SubjectKind.Address));
        Assert.Equal((27_000, 5_000), (people.Count, Accounts(people)));
        Assert.Equal((900, 15), (spam.Count, Accounts(spam)));
        Assert.Equal(90 * 14, all.Count(written => written.Event.Kind == EventKind.SignUp));
        Assert.Equal((50, 1), (reports.Count, reports.Select(report => report.Time).Distinct().Count()));
        Assert.All(reports, report => Assert.True(report is { Label: OutcomeLabel.Spam, About.Part: CarrierNat.Messages } && Day(report.Time) == 8));
        var counts = people.CountBy(written => Convert.ToHexString(written.Event.Account.Span)).Select(count => count.Value).Order().ToList();
        Assert.InRange(counts[counts.Count / 2], 1, 5); // most send few
        Assert.InRange(counts[^50..].Sum(), 3_000, 10_000); // and a hundredth of them an eighth or more
    }

    [Theory]
    [InlineData("campus", Campus.Surge, 800, 40)]
    [InlineData("cold conference", ColdConference.SignUps, 30, 1)]
    [InlineData("burst", Burst.SignUps, 50, 1)]
    [InlineData("warmed-up address", WarmedUp.By30, 300, 1)]
    [InlineData("warmed-up address", WarmedUp.By200, 300, 1)]
    [InlineData("IPv6", Ipv6Attacks.OneSubnet, 100, 1)]
    [InlineData("IPv6 hopping", Ipv6Attacks.Hopping, 300, 300)]
    [InlineData("botnet in one /24", NetworkBotnet.SignUps, 300, 200)]
    [InlineData("scattered botnet", ScatteredBotnet.FirstWave, 300, 300)]
    [InlineData("low and slow", LowAndSlow.Every4Hours, 60, 1)]
    [InlineData("low and slow", LowAndSlow.Every12Hours, 24, 1)]
    [InlineData("spam servers", SpamServers.Messages, 1_600, 40)]
    public void World_Part_HasItsEventsAndAddresses(string scenario, string part, int events, int addresses)
    {
        var written = Of(scenario).Where(written => written.Part == part).ToList();

        Assert.Equal((events, addresses), (written.Count, Distinct(written, SubjectKind.Address)));
    }

    [Theory]
    [InlineData("campus", 40, 1, 4_000 + 800)]
    [InlineData("mobile", 30, 3, 6_000 + (20 * 14))]
    [InlineData("spam servers", 40, 8, null)]
    [InlineData("botnet in one /24", 200, 1, 300)]
    [InlineData("IPv6 hopping", 300, 1, 300)]
    public void World_Scenario_HasItsNetworksAndAccounts(string scenario, int addresses, int networks, int? accounts)
    {
        var all = Of(scenario);

        Assert.Equal((addresses, networks), (Distinct(all, SubjectKind.Address), Distinct(all, SubjectKind.Network)));
        Assert.Equal(accounts ?? Accounts(all), Accounts(all));
    }

    [Theory]
    [InlineData(Homes.V4, 5_000)]
    [InlineData(Homes.V6, 1_500)]
    public void World_Homes_AreSoMany(string part, int homes)
    {
        var four = part == Homes.V4;
        var all = Of("homes").Where(written => Prefix(written, SubjectKind.Address).StartsWith(four ? "04" : "06", StringComparison.Ordinal));

        Assert.Equal(homes, Distinct(all, SubjectKind.Address));
    }

    [Theory]
    [InlineData("campus", Campus.Surge, 60)]
    [InlineData("cold conference", ColdConference.SignUps, 60)]
    [InlineData("burst", Burst.SignUps, 10)]
    [InlineData("IPv6", Ipv6Attacks.OneSubnet, 50)]
    [InlineData("IPv6 hopping", Ipv6Attacks.Hopping, 60)]
    [InlineData("botnet in one /24", NetworkBotnet.SignUps, 360)]
    public void World_Part_LastsItsTime(string scenario, string part, double minutes)
    {
        var times = Of(scenario).Where(written => written.Part == part).Select(written => written.Time).Order().ToList();

        Assert.InRange((times[^1] - times[0]).TotalMinutes, minutes * .8, minutes);
    }

    [Fact]
    public void World_RateSweep_GoesOnForTwoDaysAtEveryRate()
    {
        var rates = Of("rate sweep").GroupBy(written => written.Part!).ToDictionary(rate => rate.Key, rate => rate.Select(written => written.Time).ToList());

        Assert.Equal(
            [
                "every 2 s", "every 12 s", "every 30 s", "every 1 min", "every 1.5 min", "every 2 min",
                "every 3 min", "every 5 min", "every 10 min", "every 20 min", "every 30 min", "every 60 min",
            ],
            RateSweep.Intervals.Select(RateSweep.Part));
        Assert.All(RateSweep.Intervals, interval =>
        {
            var times = rates[RateSweep.Part(interval)];
            Assert.Equal(TimeSpan.FromDays(2) / interval, times.Count);
            Assert.Equal(TimeSpan.FromDays(2) - interval, times[^1] - times[0]);
        });
        Assert.All(Of("rate sweep"), written => Assert.Null(written.Label));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void World_RateSweep_IsTheSameForEverySeed(int seed)
    {
        var other = SyntheticWorld.Of(ScenarioCatalog.All.Where(scenario => scenario.Name == "rate sweep"), seed, TimeSpan.Zero).Events;

        Assert.Equal(Of("rate sweep").Select(Sweep), other.Select(Sweep));

        static (string? Part, DateTimeOffset Time, ClientAddress Address) Sweep(WorldEvent one) => (one.Part, one.Time, one.Event.Address);
    }

    [Fact]
    public void World_Reports_ComeAsOftenAndAsLateAsTold()
    {
        var all = One.Value.Events;
        var spam = all.Where(written => written.Scenario is "spam servers" or "scattered botnet").ToList();
        var honest = all.Where(written => written.Scenario is "campus" or "mobile" or "homes").ToList();
        var delays = all.Where(written => written.Label is not null).Select(written => written.ReportTime - written.Time).ToList();

        Assert.InRange(Share(spam, OutcomeLabel.Spam), .27, .33);
        Assert.InRange(Share(honest, OutcomeLabel.Spam), .001, .003);
        Assert.InRange(Share(honest, OutcomeLabel.Legitimate), .008, .012);
        Assert.True(delays.Min() >= TimeSpan.FromMinutes(10));
        Assert.InRange(delays.Average(delay => delay.TotalHours), 5.5, 7);
    }

    [Fact]
    public void World_HonestTraffic_IsJudgedFromDay2OnAndAttacksFromTheirFirst()
    {
        Assert.All(Of("homes"), written => Assert.Equal(Day(written.Time) >= 2, written.Part is not null));
        Assert.All(Of("spam servers"), written => Assert.NotNull(written.Part));
        Assert.Contains(Of("spam servers"), written => Day(written.Time) < 2);
    }

    [Fact]
    public void World_Events_ComeInTheOrderOfTheirArrivalAndNotAllOfTheirTime()
    {
        var all = One.Value.Events;
        var confused = all.Where(written => written.Part == SameAttack.FastOutOfOrder).Select(written => written.Time).ToList();

        Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.First.Arrival <= pair.Second.Arrival));
        Assert.NotEqual(confused.Order(), confused);
    }

    [Fact]
    public void World_WithoutOneScenario_LeavesTheOthersAsTheyWere()
    {
        var without = SyntheticWorld.Of(ScenarioCatalog.All.Where(scenario => scenario.Name != "carrier NAT"), 1, TimeSpan.Zero);

        Assert.Equal(
            One.Value.Events.Where(written => written.Scenario != "carrier NAT").Select(Identity),
            without.Events.Select(Identity));
    }

    [Fact]
    public void World_AnotherSeed_IsAnother() =>
        Assert.NotEqual(
            Of("homes").Select(written => written.Time),
            SyntheticWorld.Of(ScenarioCatalog.All, 2, TimeSpan.Zero).Events.Where(written => written.Scenario == "homes").Select(written => written.Time));

    private static List<WorldEvent> Of(string scenario) => [.. One.Value.Events.Where(written => written.Scenario == scenario)];

    private static int Day(DateTimeOffset time) => (int)(time - Script.Start).TotalDays;

    private static int Accounts(IEnumerable<WorldEvent> written) => written.Select(one => Convert.ToHexString(one.Event.Account.Span)).Distinct().Count();

    private static int Distinct(IEnumerable<WorldEvent> written, SubjectKind level) => written.Select(one => Prefix(one, level)).Distinct().Count();

    private static double Share(List<WorldEvent> written, OutcomeLabel label) => written.Count(one => one.Label == label) / (double)written.Count;

    private static (string Scenario, string? Part, DateTimeOffset Time, OutcomeLabel? Label, ClientAddress Address, string Account) Identity(WorldEvent one) =>
        (one.Scenario, one.Part, one.Time, one.Label, one.Event.Address, Convert.ToHexString(one.Event.Account.Span));

    private static string Prefix(WorldEvent one, SubjectKind level)
    {
        Span<byte> prefix = stackalloc byte[10];
        return Convert.ToHexString(prefix[..one.Event.Address.WritePrefix(level, prefix)]);
    }
}
