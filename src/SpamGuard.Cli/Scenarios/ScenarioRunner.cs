using SpamGuard.Cli.Replay;
using SpamGuard.Cli.Scenarios.Gates;
using SpamGuard.Cli.Scenarios.World;
using SpamGuard.Feedback;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Scenarios;

/// <summary>Plays the synthetic world once per mode, each through a scorer of its own, and measures the gates.</summary>
/// <param name="options">Which world, and who judges.</param>
/// <param name="moved">Told now and then how much is done, from 0 to 1.</param>
internal sealed class ScenarioRunner(ScenarioOptions options, Action<double>? moved = null)
{
    private const int MovedEvery = 4096;

    private static readonly TimeSpan ChallengeTakes = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Scenario, string Part), Answers> _answers = [];

    /// <summary>Plays all scenarios.</summary>
    public async Task<ScenarioReport> RunAsync(CancellationToken cancellationToken)
    {
        var world = SyntheticWorld.Of(options.Scenarios, options.Seed, options.EpochPhase);
        var rows = new List<ScenarioRow>();
        foreach (var (done, mode) in ScenarioModeNames.Each.Index())
        {
            await PlayAsync(world, mode, done / (double)ScenarioModeNames.Each.Count, cancellationToken);
            rows.AddRange(options.Scenarios.SelectMany(scenario => Measure(scenario, mode)));
        }

        return new ScenarioReport(options.Seed, options.EpochPhase.TotalSeconds, rows);
    }

    private async Task PlayAsync(SyntheticWorld world, ScenarioModes mode, double done, CancellationToken cancellationToken)
    {
        _answers.Clear();
        var living = options.Scenarios.Where(scenario => scenario.Modes.HasFlag(mode)).Select(scenario => scenario.Name).ToHashSet(StringComparer.Ordinal);
        using var guard = new OfflineSpamGuard(options.PolicyIn(mode), (long)options.EpochPhase.TotalSeconds, options.Seed);
        var feedback = new FeedbackQueue();
        foreach (var report in world.Reports.Where(report => living.Contains(report.About.Scenario)))
        {
            feedback.Add(report.About.EventIn(mode), report.Label, report.Time, report.Reporter);
        }

        for (var i = 0; i < world.Events.Count; i++)
        {
            if (i % MovedEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                moved?.Invoke(done + (i / (double)world.Events.Count / ScenarioModeNames.Each.Count));
            }

            if (living.Contains(world.Events[i].Scenario))
            {
                await ScoreAsync(world.Events[i], mode, guard, feedback);
            }
        }
    }

    private async Task ScoreAsync(WorldEvent written, ScenarioModes mode, OfflineSpamGuard guard, FeedbackQueue feedback)
    {
        while (feedback.TryTake(written.Time, out var due))
        {
            await guard.ReportAsync(due.Event, due.Label, due.Time, due.Reporter);
        }

        var spamEvent = written.EventIn(mode);
        var assessment = await guard.ScoreAsync(spamEvent, written.Time, written.RequestId);
        if (written.Part is { } part)
        {
            AnswersTo(written.Scenario, part).Add(assessment.Verdict);
        }

        if (written.PassesChallenge && assessment.Verdict == Verdict.Challenge)
        {
            feedback.Add(spamEvent, OutcomeLabel.ChallengePassed, written.Time + ChallengeTakes);
        }

        if (written.Label is { } label)
        {
            feedback.Add(spamEvent, label, written.ReportTime);
        }
    }

    private IEnumerable<ScenarioRow> Measure(Scenario scenario, ScenarioModes mode) =>
        from part in scenario.Parts
        where part.Modes.HasFlag(mode)
        let answers = AnswersTo(scenario.Name, part.Name)
        select new ScenarioRow(
            scenario.Name, part.Name, mode, answers, [.. part.Gates.Select(gate => GateRow.Of(gate, answers, other => AnswersTo(scenario.Name, other)))]);

    private Answers AnswersTo(string scenario, string part)
    {
        if (!_answers.TryGetValue((scenario, part), out var answers))
        {
            _answers[(scenario, part)] = answers = new Answers();
        }

        return answers;
    }
}
