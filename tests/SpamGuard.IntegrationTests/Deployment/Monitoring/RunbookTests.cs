extern alias cli;

using System.Text.RegularExpressions;
using cli::SpamGuard.Cli;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Every alert has its section, and every section says the four things that are asked at three in the morning.</summary>
public sealed partial class RunbookTests
{
    private static readonly string[] Parts = ["**It means**", "**Look**", "**Do**", "**Over**"];

    public static TheoryData<string> Alerts => [.. RuleFiles.AlertNames];

    [Fact]
    public void Sections_TheirHeadings_AreTheAlerts() => Assert.Equal(
        RuleFiles.AlertNames.Order(StringComparer.Ordinal), Runbook.Sections.Select(static section => section.Heading).Where(static heading => heading.StartsWith("SpamGuard", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Table_ItsRows_AreTheAlertsInTheOrderOfTheSections()
    {
        var alerts = RuleFiles.Alerts.DistinctBy(static rule => rule.Alert).ToDictionary(static rule => rule.Alert!, static rule => rule.Labels["severity"], StringComparer.Ordinal);

        Assert.Equal(
            Runbook.Sections.Select(static section => section.Heading).Where(alerts.ContainsKey).Select(alert => $"{alert} {alert.ToLowerInvariant()} {alerts[alert]}"),
            Runbook.Rows.Select(static row => string.Join(' ', row)));
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Section_OfAnAlert_SaysWhatItMeansHowToSeeItWhatToDoAndWhenItIsOver(string alert)
    {
        var text = Runbook.Sections.Single(section => section.Heading == alert).Text;

        Assert.All(Parts, part => Assert.Contains($"\n{part}", text, StringComparison.Ordinal));
        Assert.True(text.Contains("```promql\n", StringComparison.Ordinal) || text.Contains("```sh\n", StringComparison.Ordinal), "It gives nothing to type.");
    }

    [Fact]
    public void Events_ThatAreLookedFor_AreLogged()
    {
        var logged = typeof(SpamGuard.EventIds).GetFields().Concat(typeof(SpamGuard.Server.EventIds).GetFields()).ToDictionary(static field => $"{field.GetRawConstantValue()}", static field => field.Name, StringComparer.Ordinal);
        var searched = Runbook.Commands.SelectMany(static line => Events().Matches(line)).SelectMany(static match => match.Groups["ids"].Value.Split('|'));

        Assert.Empty(searched.Except(logged.Keys, StringComparer.Ordinal));
        Assert.All(NamedEvent().Matches(Runbook.Text), match => Assert.Equal(logged[match.Groups["id"].Value], match.Groups["name"].Value));
    }

    [Fact]
    public async Task Verbs_OfTheCommandLine_AreThere()
    {
        var verbs = Verb().Matches(Runbook.Text).Select(static match => match.Groups["verb"].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.Contains("audit retention", verbs);
        foreach (var verb in verbs)
        {
            using var output = new StringWriter();
            Assert.True(await Verbs.RunAsync([.. verb.Split(' '), "--help"], new Terminal(output, output, static _ => null), CancellationToken.None).DefaultTimeout() == ExitCodes.Ok, verb);
        }
    }

    [Fact]
    public async Task Expressions_AllOfThem_AreExpressions()
    {
        var (code, output) = await Promtool.CheckExpressionsAsync(Runbook.Expressions);

        Assert.True(code == 0, output);
    }

    [GeneratedRegex("events '(?<ids>[0-9|]+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Events();

    [GeneratedRegex("`(?<id>[0-9]{4}) (?<name>[A-Z][A-Za-z]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedEvent();

    // As a command or in a code span; the next word of prose is none.
    [GeneratedRegex("(^|`)spamguard (?<verb>[a-z]+ [a-z]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Verb();
}
