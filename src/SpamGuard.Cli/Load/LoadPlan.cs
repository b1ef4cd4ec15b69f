namespace SpamGuard.Cli.Load;

/// <summary>How much load is put on a server.</summary>
/// <param name="Rate">Calls a second.</param>
/// <param name="Duration">For how long calls are begun.</param>
/// <param name="Count">How many calls at most.</param>
/// <param name="Concurrency">How many are under way at once at most.</param>
/// <param name="Addresses">How many addresses they come from.</param>
/// <param name="Kind">What the events are; <c>null</c> for both kinds in turn.</param>
/// <param name="Seed">The addresses and their order follow from it.</param>
/// <param name="Deadline">How long each call may take, from when it was to begin.</param>
internal sealed record LoadPlan(int Rate, TimeSpan Duration, long Count, int Concurrency, int Addresses, V1.EventKind? Kind, int Seed, TimeSpan Deadline)
{
    /// <summary>How many calls are to be made.</summary>
    public long Calls => Math.Min(Count, (long)Math.Ceiling(Rate * Duration.TotalSeconds));
}
