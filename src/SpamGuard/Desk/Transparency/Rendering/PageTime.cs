using System.Globalization;

namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>How times and durations are written on the page.</summary>
internal static class PageTime
{
    private const long SecondsOfAMinute = 60;
    private const long SecondsOfADay = 24 * 60 * 60;

    /// <summary>For programs.</summary>
    public static string Machine(DateTimeOffset time) => Text(time, "yyyy-MM-ddTHH:mm:ssZ");

    /// <summary>For people.</summary>
    public static string Text(DateTimeOffset time) => Text(time, "d MMMM yyyy, HH:mm") + " UTC";

    /// <summary>As in <c>7 days</c> and <c>30 days and 15 minutes</c>.</summary>
    public static string Duration(long seconds)
    {
        var (days, rest) = (seconds / SecondsOfADay, seconds % SecondsOfADay);
        return rest == 0 ? Count(days, "day")
            : rest % SecondsOfAMinute != 0 || rest == SecondsOfAMinute ? Count(seconds, "second")
            : days == 0 ? Count(rest / SecondsOfAMinute, "minute")
            : $"{Count(days, "day")} and {Count(rest / SecondsOfAMinute, "minute")}";
    }

    private static string Count(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");

    private static string Text(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
