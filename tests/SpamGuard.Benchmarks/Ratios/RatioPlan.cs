namespace SpamGuard.Benchmarks.Ratios;

/// <summary>How long and how much.</summary>
/// <param name="Rounds">How often the sides of each ratio are interleaved.</param>
/// <param name="Addresses">How many addresses events come from.</param>
/// <param name="Side">How long one side of one ratio runs.</param>
/// <param name="Paced">How long one side runs at a fixed rate.</param>
internal sealed record RatioPlan(int Rounds, int Addresses, TimeSpan Side, TimeSpan Paced)
{
    /// <summary>When a run is given up: it must not hang a build.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private const int ManyAddresses = 200_000;
    private const int FewAddresses = 20_000;

    public static RatioPlan For(int rounds, bool quick) => quick
        ? new RatioPlan(rounds, FewAddresses, TimeSpan.FromSeconds(.5), TimeSpan.FromSeconds(1))
        : new RatioPlan(rounds, ManyAddresses, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
}
