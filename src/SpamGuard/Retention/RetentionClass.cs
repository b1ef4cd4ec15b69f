namespace SpamGuard.Retention;

/// <summary>How long a kind of record may be kept. There is no record without one.</summary>
/// <remarks>
/// A class has an epoch length; a record written in epoch <c>n</c> is gone at the end of epoch <c>n + 1</c>, so the cap is two epochs.
/// Aggregates concern millions of addresses, carry no salt and have no epoch: they fade by the day and end 30 days after the last event.
/// </remarks>
internal sealed class RetentionClass
{
    /// <summary>Addresses and contents: epochs of 3.5 days, at most 7 days.</summary>
    public static readonly RetentionClass Address = new("address", 'a', TimeSpan.FromDays(3.5), TimeSpan.FromDays(7));

    /// <summary>Networks, regions and the optional account records: epochs of 15 days, at most 30 days.</summary>
    public static readonly RetentionClass Network = new("network", 'n', TimeSpan.FromDays(15), TimeSpan.FromDays(30));

    /// <summary>Totals over all messages, per /8 and per /24 of IPv6: 30 days after the last event.</summary>
    public static readonly RetentionClass Aggregate = new("aggregate", 'w', TimeSpan.Zero, TimeSpan.FromDays(30));

    private RetentionClass(string name, char letter, TimeSpan epoch, TimeSpan cap)
    {
        Name = name;
        Letter = letter;
        EpochSeconds = (long)epoch.TotalSeconds;
        CapSeconds = (long)cap.TotalSeconds;
    }

    /// <summary>The two classes that have epochs.</summary>
    public static IReadOnlyList<RetentionClass> Salted { get; } = [Address, Network];

    /// <summary>The name used in metrics and documents.</summary>
    public string Name { get; }

    /// <summary>The letter used in keys.</summary>
    public char Letter { get; }

    /// <summary>Length of an epoch in seconds; 0 for aggregates.</summary>
    public long EpochSeconds { get; }

    /// <summary>The longest time to live that the store accepts, in seconds.</summary>
    public long CapSeconds { get; }
}
