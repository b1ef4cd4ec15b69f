using SpamGuard.Cli.Scenarios.Gates;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Scenarios;

/// <summary>How one part of a scenario fared in one mode.</summary>
internal sealed record ScenarioRow
{
    /// <summary>Reads the figures of its verdicts.</summary>
    public ScenarioRow(string scenario, string part, ScenarioModes mode, Answers answers, IReadOnlyList<GateRow> gates)
    {
        (Scenario, Part, Mode, Gates) = (scenario, part, mode.Name(), gates);
        (Events, Allow, Challenge) = (answers.Count, answers.ShareOf(Verdict.Allow), answers.ShareOf(Verdict.Challenge));
        (Throttle, Deny) = (answers.ShareOf(Verdict.Throttle), answers.ShareOf(Verdict.Deny));
        (FirstChallenge, FirstThrottle, FirstDeny) = (answers.First(Verdict.Challenge), answers.First(Verdict.Throttle), answers.First(Verdict.Deny));
    }

    /// <summary>The scenario.</summary>
    public string Scenario { get; }

    /// <summary>What of it.</summary>
    public string Part { get; }

    /// <summary>In which mode.</summary>
    public string Mode { get; }

    /// <summary>How many events were judged.</summary>
    public int Events { get; }

    /// <summary>The share given ALLOW.</summary>
    public double Allow { get; }

    /// <summary>The share given CHALLENGE.</summary>
    public double Challenge { get; }

    /// <summary>The share given THROTTLE.</summary>
    public double Throttle { get; }

    /// <summary>The share given DENY.</summary>
    public double Deny { get; }

    /// <summary>Which event, from 1, was the first to be given CHALLENGE or harder.</summary>
    public int? FirstChallenge { get; }

    /// <summary>Likewise THROTTLE.</summary>
    public int? FirstThrottle { get; }

    /// <summary>Likewise DENY.</summary>
    public int? FirstDeny { get; }

    /// <summary>Its gates.</summary>
    public IReadOnlyList<GateRow> Gates { get; }
}
