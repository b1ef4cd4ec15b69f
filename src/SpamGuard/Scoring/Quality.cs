namespace SpamGuard.Scoring;

/// <summary>Whether everything that is known went into an answer.</summary>
internal enum Quality : byte
{
    /// <summary>It did.</summary>
    Full,

    /// <summary>The store did not answer, and what the policy says of that did.</summary>
    Degraded,
}

/// <summary>How qualities are written in CSV files and metrics.</summary>
internal static class Qualities
{
    /// <summary>All qualities.</summary>
    public static IReadOnlyList<Quality> All { get; } = [Quality.Full, Quality.Degraded];

    /// <summary><c>full</c> or <c>degraded</c>.</summary>
    public static string Name(this Quality quality) => quality switch
    {
        Quality.Full => "full",
        Quality.Degraded => "degraded",
        _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, message: null),
    };
}
