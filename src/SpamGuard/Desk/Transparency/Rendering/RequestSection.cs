namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>What authorities asked for.</summary>
internal static class RequestSection
{
    private static readonly string[] RowHeadings = ["Month", "Country", "Authority", "Legal process", "Category"];

    private static readonly IReadOnlyList<ChartSeries> Series =
    [
        .. FigureColumns.Answers.Select(static (column, i) => new ChartSeries(column.Heading, $"c{i}", month => (long)column.Of(month.Requests)!.Value)),
        new ChartSeries("Withheld for now", $"c{FigureColumns.Answers.Count}", static month => month.Withheld),
    ];

    /// <summary>Adds the section.</summary>
    public static void Add(HtmlText html, TransparencyReport report)
    {
        var figures = report.Figures;
        html.Add($"""
            <section aria-labelledby="requests">
            <h2 id="requests">Requests of authorities</h2>

            """);
        if (figures.Total.Received + figures.Withheld == 0)
        {
            html.Add($"""<p class="lead" id="empty">{Empty(report)}</p>""");
        }
        else
        {
            html.Add($"""<dl class="figures">""");
            Figure(html, "Received", figures.Total.Received);
            Figure(html, "Fully or partly disclosed", figures.Total.FullyDisclosed + figures.Total.PartlyDisclosed);
            Figure(html, "Nothing was held", figures.Total.NothingHeld);
            Figure(html, "Rejected", figures.Total.Rejected);
            Figure(html, "Withheld for now", figures.Withheld);
            Figure(html, "Median days to an answer", figures.Total.MedianDays);
            html.Add($"</dl>\n");
        }

        html.Add($"""
            <p>Worldwide, received and refused. A request counts in the month in which it was received. An order is executed only if it is about terrorism or child
            exploitation, is valid, and a second person has approved it; then only what is still kept on the very addresses that it names is given out. What falls under
            no such category is refused by the software itself, and counted as rejected. <em>Withdrawn</em> are those that were rejected by the very person
            who had entered them, as far as the software can tell persons apart: after a mistake, or for any other reason. Whether the authority was refused is not known here,
            and a request that is entered anew counts again. <em>Withheld</em> are requests that a court forbids to be shown for now:
            they are in no other number, and are revealed, in the month in which they were received, once they may be.</p>

            """);
        if (figures.Total.Received + figures.Withheld == 0)
        {
            html.Add($"</section>\n");
            return;
        }

        html.Add($"<h3>By month</h3>\n");
        ColumnChart.Add(
            html,
            "requests-chart",
            "Requests received by month, by what became of them",
            $"Stacked columns, one for each month from {report.Period.From} to {report.Period.To}. The table that follows has the same figures.",
            figures.Months,
            Series);
        Months(html, figures);
        Rows(html, report);
        html.Add($"</section>\n");
    }

    private static string Empty(TransparencyReport report) => report.Period == report.Span
        ? $"No request so far: since the ledger began, in {report.Span.From}, no authority has asked for anything."
        : $"No request from {report.Period.From} to {report.Period.To}: no authority asked for anything in these months.";

    private static void Figure(HtmlText html, string name, double? figure) =>
        html.Add($"<div><dt>{name}</dt><dd>{FigureTable.Text(figure)}</dd></div>");

    private static void Months(HtmlText html, BookFigures figures)
    {
        FigureTable.Begin(
            html,
            "months",
            "Requests by month of receipt. “Entry” is the ledger's last one when a figure of the month last changed.",
            ["Month"],
            [.. FigureColumns.Requests.Select(static column => column.Heading), "Withheld", "Entry"]);
        foreach (var month in figures.Months)
        {
            html.Add($"""<tr><th scope="row">{month.Month}</th>""");
            FigureTable.Cells(html, FigureColumns.Requests, month.Requests);
            FigureTable.Cell(html, month.Withheld);
            FigureTable.Cell(html, month.Changed);
            html.Add($"</tr>\n");
        }

        html.Add($"""</tbody><tfoot><tr><th scope="row">Total</th>""");
        FigureTable.Cells(html, FigureColumns.Requests, figures.Total);
        FigureTable.Cell(html, figures.Withheld);
        html.Add($"""<td></td></tr></tfoot></table></div>""").Add($"\n");
    }

    private static void Rows(HtmlText html, TransparencyReport report)
    {
        var rows = report.Figures.Rows;
        if (rows.Count == 0)
        {
            return;
        }

        html.Add($"<h3>By country, authority, legal process and category</h3>\n");
        if (rows.Count > HtmlReport.MostRows)
        {
            html.Add($"""<p id="more-rows">These are the first {HtmlReport.MostRows} of {rows.Count} rows. Choose a shorter period, or take all from the <a href="#downloads">downloads</a>.</p>""");
        }

        FigureTable.Begin(
            html, "rows", "Requests by month and kind. Countries are ISO 3166-1 codes.", RowHeadings, FigureColumns.Requests.Select(static column => column.Heading));
        foreach (var row in rows.Take(HtmlReport.MostRows))
        {
            html.Add($"""<tr><th scope="row">{row.Month}</th><td>{row.Kind.Country}</td><td>{FigureTable.Words(row.Kind.AuthorityType)}</td>""");
            html.Add($"""<td class="w">{FigureTable.Words(row.Kind.LegalProcess)}</td><td class="w">{FigureTable.Words(row.Kind.Category)}</td>""");
            FigureTable.Cells(html, FigureColumns.Requests, row.Figures);
            html.Add($"</tr>\n");
        }

        FigureTable.End(html);
    }
}
