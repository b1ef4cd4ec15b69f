using System.Globalization;

namespace SpamGuard.Cli;

/// <summary>Durations as they are written on the command line: a number and a unit, such as <c>1h</c>, <c>30m</c>, <c>0.9d</c> or <c>3600s</c>.</summary>
internal static class Durations
{
    /// <summary>How to write one.</summary>
    public const string Form = "a number and s, m, h or d, such as 30m or 0.9d, up to 36500d";

    private const long MaxDays = 36_500;

    /// <summary>Reads a duration of at least 0. A number without a unit is refused: nobody could tell what it meant.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var ticks = text.IsEmpty ? 0 : text[^1] switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            'd' => TimeSpan.TicksPerDay,
            _ => 0,
        };

        // Decimal, so that .9 days are 77,760 seconds and not one tick less.
        if (ticks == 0
            || !decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > MaxDays * TimeSpan.TicksPerDay / ticks)
        {
            return false;
        }

        duration = new TimeSpan((long)(number * ticks));
        return true;
    }
}
