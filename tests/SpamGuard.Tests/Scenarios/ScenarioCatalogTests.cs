using SpamGuard.Cli.Scenarios;

namespace SpamGuard.Tests.Scenarios;

/// <summary>The contract, word for word: a gate that is changed or gone is seen here.</summary>
public sealed class ScenarioCatalogTests
{
    private const string Contract = """
        carrier NAT: honest messages [members_only memory] DENY 0; THROTTLE < 0.1 %; CHALLENGE < 1 %
        carrier NAT: honest sign-ups [members_only memory] DENY 0; CHALLENGE < 2 %
        carrier NAT: its spammers' messages [memory] CHALLENGE ≥ 75 %; THROTTLE ≥ 60 %
        carrier NAT: honest messages [no_digests] DENY 0; THROTTLE < 6 %
        carrier NAT: honest sign-ups [no_digests] DENY 0; THROTTLE < 6 %
        campus: messages [members_only memory] DENY 0; CHALLENGE < 4 %
        campus: its surge of sign-ups [members_only memory] DENY 0; THROTTLE ≤ 35 %
        mobile: messages and sign-ups [members_only memory] DENY 0; CHALLENGE < 4 %
        homes: on IPv4 [members_only memory] DENY 0; THROTTLE < 0.3 %; CHALLENGE < 3 %
        homes: on IPv6 [members_only memory] DENY 0; THROTTLE < 0.3 %; CHALLENGE < 3 %
        cold conference: sign-ups [members_only memory] DENY 0; CHALLENGE ≤ 50 %
        burst: sign-ups [members_only memory] CHALLENGE by #3; THROTTLE by #5; DENY by #8
        rate sweep: every 2 s [members_only memory] DENY by #8; CHALLENGE from then on for good
        rate sweep: every 12 s [members_only memory] DENY by #8; CHALLENGE from then on for good; never harder than every 2 s
        rate sweep: every 30 s [members_only memory] DENY by #12; CHALLENGE from then on for good; never harder than every 12 s
        rate sweep: every 1 min [members_only memory] CHALLENGE by #48; CHALLENGE from then on for good; never harder than every 30 s
        rate sweep: every 1.5 min [members_only memory] CHALLENGE by #48; CHALLENGE from then on for good; never harder than every 1 min
        rate sweep: every 2 min [members_only memory] CHALLENGE by #48; CHALLENGE from then on for good; never harder than every 1.5 min
        rate sweep: every 3 min [members_only memory] CHALLENGE by #48; CHALLENGE from then on for good; never harder than every 2 min
        rate sweep: every 5 min [members_only memory] CHALLENGE by #48; CHALLENGE from then on for good; never harder than every 3 min
        rate sweep: every 10 min [members_only memory] CHALLENGE by #48; CHALLENGE from then on for good; never harder than every 5 min
        rate sweep: every 20 min [members_only memory] CHALLENGE by #60; CHALLENGE from then on for good; never harder than every 10 min
        rate sweep: every 30 min [members_only memory] never harder than every 20 min
        rate sweep: every 60 min [members_only memory] CHALLENGE 0; never harder than every 30 min
        warmed-up address: sign-ups after 30 accounts a day [members_only memory] CHALLENGE by #6; DENY by #30
        warmed-up address: sign-ups after 200 accounts a day [members_only memory] CHALLENGE by #6; DENY by #30
        IPv6: from one /64 [members_only memory] CHALLENGE by #3; DENY by #15
        IPv6 hopping: hopping through a /48 [members_only memory] CHALLENGE by #12; DENY by #50
        botnet in one /24: sign-ups [members_only memory] CHALLENGE by #12; THROTTLE ≥ 90 %
        scattered botnet: first wave: sign-ups [memory] one event each from addresses that nothing is known of
        scattered botnet: next day: one content [memory] DENY by #15; THROTTLE ≥ 98 %
        low and slow: every 4 h [members_only memory] THROTTLE by #15; CHALLENGE ≥ 55 %
        low and slow: every 12 h [members_only memory] THROTTLE by #15; CHALLENGE ≥ 55 %
        spam servers: messages [members_only memory] THROTTLE ≥ 95 %
        recycled address: the household [members_only memory] DENY 0; THROTTLE 0
        report bombing: a home reported 40 times by one [members_only memory] DENY 0
        report bombing: a home's one account reported 40 times by one [members_only memory] DENY 0
        report bombing: a home reported 40 times by three [memory]
        same attack: 12 s apart, called twice [memory] within one step of 12 s apart
        same attack: 12 s apart, the second calls [memory] within one step of 12 s apart
        same attack: 12 s apart, out of order [memory] within one step of 12 s apart
        same attack: 12 s apart, across epochs [memory] within one step of 12 s apart
        same attack: 5 min apart, across epochs [memory] within one step of 5 min apart
        flood of messages: messages [members_only] message rate is judged per account, with account memory
        sign-ups only: nothing told [memory] DENY 0; CHALLENGE for good from #30-60
        sign-ups only: nothing told, after the first day [memory] DENY 0
        sign-ups only: outcomes told [memory] DENY 0
        sign-ups only: outcomes told, from day 4 on [memory] DENY 0; CHALLENGE < 5 %
        """;

    [Fact]
    public void All_Gates_AreTheContract() =>
        Assert.Equal(
            Contract.ReplaceLineEndings("\n").Split('\n'),
            ScenarioCatalog.All.SelectMany(scenario => scenario.Parts.Select(part => Line(scenario, part))));

    [Fact]
    public void All_PartsWithGates_AreJudgedOnlyInModesInWhichTheyHappen() =>
        Assert.All(ScenarioCatalog.All, scenario => Assert.All(scenario.Parts, part => Assert.True(scenario.Modes.HasFlag(part.Modes), part.Name)));

    private static string Line(Scenario scenario, Part part) =>
        $"{scenario.Name}: {part.Name} [{Modes(part.Modes)}] {string.Join("; ", part.Gates.Select(gate => gate.Text))}".TrimEnd();

    private static string Modes(ScenarioModes modes) => string.Join(' ', ScenarioModeNames.Each.Where(mode => modes.HasFlag(mode)).Select(mode => mode.Name()));
}
