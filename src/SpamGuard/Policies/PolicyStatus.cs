using SpamGuard.Policies.Files;

namespace SpamGuard.Policies;

/// <summary>The policy in force and where it comes from. Immutable.</summary>
/// <param name="InForce">The policy.</param>
/// <param name="LoadTime">Since when it is in force, by this process' clock.</param>
/// <param name="IsOfFile">Whether it comes from a file, and not from the code.</param>
/// <param name="Faults">What is wrong with the file as it is now; empty where it is what is in force.</param>
internal sealed record PolicyStatus(PolicyInForce InForce, DateTimeOffset LoadTime, bool IsOfFile, IReadOnlyList<PolicyFault> Faults);
