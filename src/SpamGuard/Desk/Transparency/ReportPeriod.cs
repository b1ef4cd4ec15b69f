namespace SpamGuard.Desk.Transparency;

/// <summary>The months that a report is about.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last, which is in it.</param>
internal readonly record struct ReportPeriod(Month From, Month To)
{
    /// <summary>How many months a report has that is asked for without a period.</summary>
    public const int DefaultMonths = 12;

    /// <summary>The most months of one report: it keeps what is sent, and drawn, within bounds.</summary>
    public const int MostMonths = 240;

    /// <summary>How many months it has.</summary>
    public int Length => To.Index - From.Index + 1;

    /// <summary>All of them, the earliest first.</summary>
    public IEnumerable<Month> Months => Enumerable.Range(From.Index, Length).Select(static index => new Month(index));

    /// <summary>The latest months up to <paramref name="to"/>, as many as there are and no more than <paramref name="most"/>.</summary>
    public static ReportPeriod Latest(Month first, Month to, int most) => new(first < to.Plus(1 - most) ? to.Plus(1 - most) : first < to ? first : to, to);
}
