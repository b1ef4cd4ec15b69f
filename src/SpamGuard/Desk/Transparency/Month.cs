using System.Globalization;

namespace SpamGuard.Desk.Transparency;

/// <summary>A month of UTC.</summary>
/// <param name="Index">Months since the year 0: what comes later is greater.</param>
internal readonly record struct Month(int Index) : IComparable<Month>
{
    private const int MonthsOfAYear = 12;
    private const string Format = "yyyy-MM";

    /// <summary>The month that a moment lies in.</summary>
    public static Month Of(DateTimeOffset time) => new((time.UtcDateTime.Year * MonthsOfAYear) + time.UtcDateTime.Month - 1);

    /// <summary>Reads four digits of the year, a hyphen and two digits of the month.</summary>
    public static bool TryParse(string text, out Month month)
    {
        var isOne = DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var first);
        month = isOne ? Of(first) : default;
        return isOne;
    }

    /// <summary>The month that is so many later, or earlier.</summary>
    public Month Plus(int months) => new(Index + months);

    /// <inheritdoc/>
    public int CompareTo(Month other) => Index.CompareTo(other.Index);

    /// <summary>As in <c>2026-03</c>.</summary>
    public override string ToString() => Text(Format);

    /// <summary>As in <c>Mar</c>, for where the year is told apart.</summary>
    public string Name => Text("MMM");

    /// <summary>As in <c>2026</c>.</summary>
    public string YearText => Text("yyyy");

    /// <summary>The year.</summary>
    public int Year => Index / MonthsOfAYear;

    private string Text(string format) =>
        new DateTime(Year, (Index % MonthsOfAYear) + 1, 1, 0, 0, 0, DateTimeKind.Utc).ToString(format, CultureInfo.InvariantCulture);

    public static bool operator <(Month left, Month right) => left.Index < right.Index;

    public static bool operator >(Month left, Month right) => left.Index > right.Index;

    public static bool operator <=(Month left, Month right) => left.Index <= right.Index;

    public static bool operator >=(Month left, Month right) => left.Index >= right.Index;
}
