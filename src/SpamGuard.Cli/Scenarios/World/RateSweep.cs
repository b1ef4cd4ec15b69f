namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// A sign-up at one steady rate for two days, from an address that nothing is known of; nobody reports any. Each rate has a /8 of its own. It begins
/// an hour into an epoch of addresses: what an epoch's edge does to an attack is a scenario of its own.
/// </summary>
internal static class RateSweep
{
    private const int FirstWide = 150;

    private static readonly TimeSpan Length = TimeSpan.FromDays(2);

    /// <summary>How long from one sign-up to the next, the fastest first.</summary>
    public static IReadOnlyList<TimeSpan> Intervals { get; } =
        [.. new double[] { 2, 12, 30, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600 }.Select(TimeSpan.FromSeconds)];

    /// <summary>The part of a rate.</summary>
    public static string Part(TimeSpan interval) => FormattableString.Invariant(
        interval < TimeSpan.FromMinutes(1) ? (FormattableString)$"every {interval.TotalSeconds:0} s" : $"every {interval.TotalMinutes:0.#} min");

    /// <summary>Writes all rates.</summary>
    public static void Write(Script script)
    {
        var start = script.AddressEpochFrom(7).AddHours(1);
        for (var i = 0; i < Intervals.Count; i++)
        {
            var (part, address) = (Part(Intervals[i]), Places.V4(FirstWide + i, 20, 3, 17));
            for (var since = TimeSpan.Zero; since < Length; since += Intervals[i])
            {
                script.SignUp(part, start + since, address, Truth.Unreported);
            }
        }
    }
}
