namespace SpamGuard.Cli.Scenarios.World;

/// <summary>All that happens in fourteen days: the events of every scenario in the order in which they arrive, and the reports that were asked for.</summary>
/// <remarks>
/// <para>What the prose of the model leaves open is decided here and in the generators:</para>
/// <para>Traffic swings by 60 % over the day. Accounts are busy by a Pareto distribution of exponent 1.1, cut at 120 times the least.</para>
/// <para>Reports come after 10 min + Exp(6 h) whatever they say, go back by address and never depend on a verdict.</para>
/// <para>The carrier NAT's spammers send 60 messages each over five days of their own. Homes stand ten to a /24 in twenty /16s of five /8s, and send
/// little: with account memory, two false reports on one small account are a DENY.</para>
/// <para>Attackers live in /8s that nothing else uses, for the model's gates are about unknown addresses.</para>
/// </remarks>
internal sealed class SyntheticWorld
{
    private SyntheticWorld(IReadOnlyList<WorldEvent> events, IReadOnlyList<WorldReport> reports)
    {
        Events = events;
        Reports = reports;
    }

    /// <summary>The events, by arrival; of equal arrivals, in the order of their scenarios.</summary>
    public IReadOnlyList<WorldEvent> Events { get; }

    /// <summary>The reports that scenarios ask for beside those of their events.</summary>
    public IReadOnlyList<WorldReport> Reports { get; }

    /// <summary>Writes the world of a seed.</summary>
    /// <param name="scenarios">Who lives in it.</param>
    /// <param name="seed">All chance follows from it.</param>
    /// <param name="phase">Shifts the epochs against the clock: two scenarios are about the edges of epochs.</param>
    public static SyntheticWorld Of(IEnumerable<Scenario> scenarios, int seed, TimeSpan phase)
    {
        var (events, reports) = (new List<WorldEvent>(), new List<WorldReport>());
        foreach (var scenario in scenarios)
        {
            var script = new Script(scenario.Name, seed, (long)phase.TotalSeconds);
            scenario.Write(script);
            events.AddRange(script.Events);
            reports.AddRange(script.Reports);
        }

        return new SyntheticWorld([.. events.OrderBy(written => written.Arrival)], reports); // stable
    }
}
