namespace SpamGuard.Records;

/// <summary>Counts over very many addresses that fade by a tenth a day: over all messages (the prior), and per /8 or IPv6 /24 (wide).</summary>
/// <remarks>Floating point, equal to 1e-9 here and in <c>add.lua</c>; it only ever feeds the reader, never a record.</remarks>
internal struct FadingCounts
{
    /// <summary>What is left of a count after a day.</summary>
    public const double Fade = 0.9;

    /// <summary>Days since 1970 of the last roll.</summary>
    public long Day;

    /// <summary>Units reported as spam.</summary>
    public double Spam;

    /// <summary>Units reported as legitimate.</summary>
    public double Ham;

    /// <summary>Units of the days before yesterday.</summary>
    public double Older;

    /// <summary>Units of yesterday.</summary>
    public double Yesterday;

    /// <summary>Units of today.</summary>
    public double Today;

    /// <summary>Moves on to the day of <paramref name="now"/> (unix seconds); a clock that steps back changes nothing.</summary>
    public void Roll(long now)
    {
        var today = now / SignalRecord.DaySeconds;
        var gap = today - Day;
        if (gap <= 0)
        {
            return;
        }

        var fade = Math.Pow(Fade, gap);
        Older = (Older + (gap == 1 ? Yesterday : Yesterday + Today)) * fade;
        Yesterday = gap == 1 ? Today * fade : 0;
        Today = 0;
        Spam *= fade;
        Ham *= fade;
        Day = today;
    }

    /// <summary>The sum of two counts, both first rolled to <paramref name="now"/>.</summary>
    public static FadingCounts Sum(FadingCounts one, FadingCounts other, long now)
    {
        one.Roll(now);
        other.Roll(now);
        return new FadingCounts
        {
            Day = Math.Max(one.Day, other.Day),
            Spam = one.Spam + other.Spam,
            Ham = one.Ham + other.Ham,
            Older = one.Older + other.Older,
            Yesterday = one.Yesterday + other.Yesterday,
            Today = one.Today + other.Today,
        };
    }
}
