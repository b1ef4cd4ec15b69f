using SpamGuard.Feedback;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>One event of the synthetic world, with what will be reported of it, whatever the verdict.</summary>
internal sealed record WorldEvent
{
    /// <summary>The scenario it belongs to.</summary>
    public required string Scenario { get; init; }

    /// <summary>The part it is judged in; <c>null</c> where it is only there to be remembered.</summary>
    public string? Part { get; init; }

    /// <summary>When it happens.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the call arrives; differs from <see cref="Time"/> where clocks disagree.</summary>
    public required DateTimeOffset Arrival { get; init; }

    /// <summary>The event, with every digest.</summary>
    public required SpamEvent Event { get; init; }

    /// <summary>The id of the call, where it is made again; a retry bears the same one.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>What is reported of it; <c>null</c> if nothing is.</summary>
    public OutcomeLabel? Label { get; init; }

    /// <summary>When that is.</summary>
    public DateTimeOffset ReportTime { get; init; }

    /// <summary>Whether a challenge, if it is given one, is passed and reported a minute later.</summary>
    public bool PassesChallenge { get; init; }

    /// <summary>The event as a mode sends it.</summary>
    public SpamEvent EventIn(ScenarioModes mode) => mode == ScenarioModes.NoDigests ? Event with { Account = default, Content = default } : Event;
}
