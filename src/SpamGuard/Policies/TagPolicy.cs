namespace SpamGuard.Policies;

/// <summary>What a tag of an address does.</summary>
/// <param name="Weight">Log-odds of spam that it adds; below 0 it takes away.</param>
/// <param name="Cap">The hardest verdict that an event with this tag gets; <c>null</c> for no limit.</param>
internal sealed record TagPolicy(double Weight, Verdict? Cap);
