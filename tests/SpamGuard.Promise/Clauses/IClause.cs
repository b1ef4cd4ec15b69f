using SpamGuard.Promise.World;

namespace SpamGuard.Promise.Clauses;

/// <summary>One clause of the promise, and how it is proved on a running service. One instance is for one walk.</summary>
internal interface IClause
{
    /// <summary>A few words, for the table and for sabotages to name.</summary>
    string Name { get; }

    /// <summary>The sentence that it proves.</summary>
    string Promise { get; }

    /// <summary>Begins what takes its time beside the other clauses, before any of them.</summary>
    Task BeginAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Looks. What takes long is left out (<see cref="Findings.Omit"/>) where the world says so (<see cref="RunningWorld.Waits"/>). What was measured goes into <paramref name="findings"/>, and what is not as promised makes them fail.</summary>
    Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken);
}
