using System.Globalization;

namespace SpamGuard;

/// <summary>Durations as people write them: a number and a unit, such as <c>1h</c>, <c>30m</c>, <c>0.9d</c> or <c>3600s</c>.</summary>
internal static class DurationText
{
    /// <summary>How to write one.</summary>
    public const string Form = "a number and s, m, h or d, such as 30m or 0.9d, up to 36500d";

    /// <summary>The same as a regular expression, but for the limit.</summary>
    public const string Pattern = @"^([0-9]+(\.[0-9]*)?|\.[0-9]+)[smhd]$";

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

    /// <summary>Writes whole seconds in the largest unit that makes a whole number of them.</summary>
    public static string Of(int seconds) => seconds switch
    {
        0 => "0s",
        _ when seconds % 86_400 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400}d"),
        _ when seconds % 3600 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h"),
        _ when seconds % 60 == 0 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
    };
}
