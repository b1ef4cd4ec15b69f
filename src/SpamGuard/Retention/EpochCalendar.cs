namespace SpamGuard.Retention;

/// <summary>When epochs begin and end, and when what was written in them is gone. Times are unix seconds.</summary>
/// <param name="phaseSeconds">Shifts all epochs against the clock: 0 in a service (epochs begin at a UTC day or half day), other values in replays and tests.</param>
/// <param name="lives">How long what is written is kept; <c>null</c>, as in a service, for the classes' own.</param>
internal sealed class EpochCalendar(long phaseSeconds = 0, RetentionLives? lives = null)
{
    /// <summary>How much earlier than the end of the next epoch a record may expire: 1/32 of an epoch (2.6 h of 3.5 days, 11 h of 15 days).</summary>
    /// <remarks>1.5 million keys that died on three instants raised PING p99 from .1 to 29 ms; a quarter of an epoch cost .011 average precision.</remarks>
    public const int StaggerDivisor = 32;

    private const int TokenSteps = 65_536;

    private readonly RetentionLives _lives = lives ?? RetentionLives.OfService;

    /// <summary>The epoch of a class at a time.</summary>
    public EpochId At(RetentionClass retention, long time) =>
        new(retention, checked((int)Math.Floor((time + phaseSeconds) / (double)_lives.EpochSeconds(retention))));

    /// <summary>The first second of an epoch.</summary>
    public long Start(EpochId epoch) => (epoch.Number * _lives.EpochSeconds(epoch.Class)) - phaseSeconds;

    /// <summary>The second at which an epoch's salt is gone: the end of the next epoch.</summary>
    public long End(EpochId epoch) => Start(epoch) + (2 * _lives.EpochSeconds(epoch.Class));

    /// <summary>
    /// When a record of an epoch is gone: the end of the next epoch, less a share of 1/32 epoch that its token decides, so that writing it
    /// again never moves it.
    /// </summary>
    /// <param name="epoch">The epoch of the record.</param>
    /// <param name="tokenPrefix">The first 16 bits of its token.</param>
    /// <remarks>
    /// One second less, always: a process whose clock runs a few milliseconds ahead of the store's at the edge of an epoch would otherwise
    /// ask for more than the cap, and the store would refuse.
    /// </remarks>
    public long Deadline(EpochId epoch, ushort tokenPrefix) =>
        End(epoch) - 1 - (tokenPrefix * _lives.EpochSeconds(epoch.Class) / (StaggerDivisor * TokenSteps));

    /// <summary>When the first record of an epoch is gone. It is for whoever is told a deadline: a token's own would tell some of its bits.</summary>
    public long EarliestDeadline(EpochId epoch) => Deadline(epoch, ushort.MaxValue);
}
