using SpamGuard.Retention;

namespace SpamGuard.Epochs;

/// <summary>How long epochs are, and how often they are looked after: a service's, or in development all of it faster, so that a test sees an epoch end.</summary>
/// <param name="Scale">What a service's times are divided by, 1 to <see cref="MaxScale"/>. The caps of the store's scripts never change.</param>
internal sealed record EpochPace(int Scale)
{
    /// <summary>The fastest: address epochs of 30 s, network epochs of 128 s.</summary>
    public const int MaxScale = 10_080;

    /// <summary>What every service has.</summary>
    public static readonly EpochPace OfService = new(1);

    // Below these a turn could come too late, or a call could outlive the secret that it began with.
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestAhead = TimeSpan.FromSeconds(5);

    /// <summary>How long records are kept.</summary>
    public RetentionLives Lives { get; } = new(Life(RetentionClass.Address, Scale), Life(RetentionClass.Network, Scale));

    /// <summary>How long before an epoch begins its salt is made.</summary>
    public TimeSpan Ahead { get; } = Scaled(TimeSpan.FromMinutes(10), Scale, ShortestAhead);

    /// <summary>How often the salts are read again.</summary>
    public TimeSpan RefreshPeriod { get; } = Scaled(TimeSpan.FromSeconds(5), Scale, ShortestPeriod);

    /// <summary>How often the offset to the store's clock is measured.</summary>
    public TimeSpan MeasurePeriod { get; } = Scaled(TimeSpan.FromSeconds(30), Scale, ShortestPeriod);

    private static TimeSpan Life(RetentionClass retention, int scale) => TimeSpan.FromSeconds(2 * (retention.EpochSeconds / scale));

    private static TimeSpan Scaled(TimeSpan time, int scale, TimeSpan shortest) => time / scale > shortest ? time / scale : shortest;
}
