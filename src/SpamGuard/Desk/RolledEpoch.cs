using SpamGuard.Retention;

namespace SpamGuard.Desk;

/// <summary>An epoch that was begun anew.</summary>
/// <param name="Epoch">Which.</param>
/// <param name="OldGeneration">The generation before; 0 where nobody asked knew one.</param>
/// <param name="NewGeneration">The generation now.</param>
/// <param name="PepperId">The pepper that it uses from now on.</param>
/// <param name="End">Unix second at which its salt is gone.</param>
/// <param name="Replicas">How many replicas of its master have acknowledged that; 0 where none were asked.</param>
internal sealed record RolledEpoch(EpochId Epoch, uint OldGeneration, uint NewGeneration, ulong PepperId, long End, int Replicas);
