using SpamGuard.Feedback;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>A report that a scenario's plot asks for, beside those that chance brings.</summary>
/// <param name="About">The event that it is about.</param>
/// <param name="Label">What it says.</param>
/// <param name="Time">When it comes.</param>
/// <param name="Reporter">Digest of who reports; empty if the caller does not say.</param>
internal sealed record WorldReport(WorldEvent About, OutcomeLabel Label, DateTimeOffset Time, ReadOnlyMemory<byte> Reporter);
