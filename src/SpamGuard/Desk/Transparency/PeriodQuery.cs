using System.Text.RegularExpressions;

namespace SpamGuard.Desk.Transparency;

/// <summary>The period that somebody asks for, as it was written.</summary>
/// <param name="From">The first month; null or empty where it was left out.</param>
/// <param name="To">The last month; null or empty where it was left out.</param>
/// <param name="All">Whether every month is asked for.</param>
internal readonly partial record struct PeriodQuery(string? From, string? To, bool All = false)
{
    /// <summary>Reads it, within the months that there are figures of.</summary>
    /// <param name="span">From the month of the ledger's first entry to now.</param>
    /// <param name="fault">What is wrong, where nothing is answered.</param>
    public ReportPeriod? Read(ReportPeriod span, out PeriodFault? fault)
    {
        fault = null;
        if (All)
        {
            if (string.IsNullOrEmpty(From) && string.IsNullOrEmpty(To))
            {
                return ReportPeriod.Latest(span.From, span.To, ReportPeriod.MostMonths);
            }

            fault = new PeriodFault("from", "a month beside all of them", "either all months, or from and to");
            return null;
        }

        var to = span.To;
        if (!string.IsNullOrEmpty(To) && !TryRead("to", To, span, out to, out fault))
        {
            return null;
        }

        if (string.IsNullOrEmpty(From))
        {
            return ReportPeriod.Latest(span.From, to, ReportPeriod.DefaultMonths);
        }

        if (!TryRead("from", From, new ReportPeriod(span.From, to), out var from, out fault))
        {
            return null;
        }

        var period = new ReportPeriod(from, to);
        fault = period.Length > ReportPeriod.MostMonths
            ? new PeriodFault("from", $"'{from}'", $"a month from {to.Plus(1 - ReportPeriod.MostMonths)} on, for a report has at most {ReportPeriod.MostMonths} months")
            : null;
        return fault is null ? period : null;
    }

    private static bool TryRead(string field, string text, ReportPeriod allowed, out Month month, out PeriodFault? fault)
    {
        var isOne = Month.TryParse(text, out month);
        fault = isOne && month >= allowed.From && month <= allowed.To
            ? null
            : new PeriodFault(field, Digits().IsMatch(text) ? $"'{text}'" : "a text that is no month", $"months from {allowed.From} to {allowed.To}");
        return fault is null;
    }

    // What is repeated must have no room for an address: these are too few characters for one, and have neither a dot nor a colon.
    [GeneratedRegex(@"\A[0-9-]{1,8}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}

/// <summary>Why there is no report of a period.</summary>
/// <param name="Field">What is wrong: <c>from</c>, <c>to</c> or <c>period</c>.</param>
/// <param name="Found">What was found; no text that could be an address is repeated.</param>
/// <param name="Allowed">What is allowed.</param>
internal sealed record PeriodFault(string Field, string Found, string Allowed)
{
    /// <summary>All of it in a sentence.</summary>
    public override string ToString() => $"{Field}: found {Found}; allowed are {Allowed}.";
}
