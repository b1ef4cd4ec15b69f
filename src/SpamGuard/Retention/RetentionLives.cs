namespace SpamGuard.Retention;

/// <summary>How long the two classes that have epochs are kept. A service has <see cref="OfService"/>, always; a replay may try what others would cost.</summary>
/// <param name="Address">The longest life of addresses and contents.</param>
/// <param name="Network">The longest life of networks, regions and accounts.</param>
internal sealed record RetentionLives(TimeSpan Address, TimeSpan Network)
{
    /// <summary>The shortest life that a replay can try: salts are made ten minutes before their epoch, which is half of it.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    /// <summary>The longest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    /// <summary>What every service keeps: the constants of <see cref="RetentionClass"/>, which the store enforces.</summary>
    public static readonly RetentionLives OfService = new(
        TimeSpan.FromSeconds(2 * RetentionClass.Address.EpochSeconds), TimeSpan.FromSeconds(2 * RetentionClass.Network.EpochSeconds));

    /// <summary>The longest time to live of a class in seconds: two of its epochs.</summary>
    public long CapSeconds(RetentionClass retention) => 2 * EpochSeconds(retention);

    /// <summary>Length of an epoch of a class that has epochs, in seconds: half its life.</summary>
    public long EpochSeconds(RetentionClass retention) =>
        (retention == RetentionClass.Address ? Address : Network).Ticks / (2 * TimeSpan.TicksPerSecond);
}
