using System.Globalization;
using System.Text;

namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>
/// The figures as CSV (RFC 4180). Lines of three sorts: <c>total</c>, one for the whole period, <c>month</c>, one for each month, and <c>requests</c>, one for each
/// kind of request in each month. Whoever sums a column sums lines of one sort; medians can't be summed, which is why each sort has its own.
/// Every line says whether the ledger is sound, for lines are what is copied.
/// </summary>
/// <remarks>Twenty lines, and no dependency of the desk: quoting is all that there is to it.</remarks>
internal static class CsvReport
{
    private const string NewLine = "\r\n";

    // What a spreadsheet takes for a formula.
    private static readonly char[] Formula = ['=', '+', '-', '@', '\t', '\r'];

    /// <summary>In UTF-8.</summary>
    public static byte[] Of(TransparencyReport report)
    {
        var csv = new StringBuilder();
        Line(csv, [
            "line", "revision", "month", "country", "authority_type", "legal_process", "category", .. FigureColumns.Requests.Select(static column => column.Name),
            "withheld", .. FigureColumns.Acts.Select(static column => column.Name), "changed_at_entry", "ledger_sound",
        ]);
        var sound = report.IsSound ? "true" : "false";
        var revision = Number(report.Figures.Revision);
        var rows = report.Figures.Rows.ToLookup(static row => row.Month);
        Summary("total", month: "", report.Figures.Total, report.Figures.Withheld, report.Figures.Acts, changed: "");
        foreach (var month in report.Figures.Months)
        {
            Summary("month", month.Month.ToString(), month.Requests, month.Withheld, month.Acts, Number(month.Changed));
            foreach (var row in rows[month.Month])
            {
                Line(csv, [
                    "requests", revision, row.Month.ToString(), row.Kind.Country, row.Kind.AuthorityType, row.Kind.LegalProcess, row.Kind.Category,
                    .. FigureColumns.Requests.Select(column => Number(column.Of(row.Figures))), "", .. FigureColumns.Acts.Select(static _ => ""), "", sound,
                ]);
            }
        }

        return Encoding.UTF8.GetBytes(csv.ToString());

        void Summary(string line, string month, RequestFigures requests, long withheld, ActFigures acts, string changed) => Line(csv, [
            line, revision, month, "", "", "", "", .. FigureColumns.Requests.Select(column => Number(column.Of(requests))), Number(withheld),
            .. FigureColumns.Acts.Select(column => Number(column.Of(acts))), changed, sound,
        ]);
    }

    private static void Line(StringBuilder csv, IEnumerable<string> fields) => csv.AppendJoin(',', fields.Select(Field)).Append(NewLine);

    private static string Field(string text)
    {
        if (text.Length > 0 && Array.IndexOf(Formula, text[0]) >= 0)
        {
            text = '\'' + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
    }

    private static string Number(double? number) => number?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;
}
