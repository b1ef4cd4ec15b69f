namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>What else the desk did.</summary>
internal static class ActSection
{
    private static readonly IReadOnlyList<ChartSeries> Series =
        [.. FigureColumns.Erasures.Select(static (column, i) => new ChartSeries(column.Heading, $"c{(i + 2)}", month => (long)column.Of(month.Acts)!.Value))];

    /// <summary>Adds the section.</summary>
    public static void Add(HtmlText html, TransparencyReport report)
    {
        var (figures, acts) = (report.Figures, report.Figures.Acts);
        html.Add($"""
            <section aria-labelledby="acts">
            <h2 id="acts">Erasures and other acts</h2>
            <p>Whoever proves that an address is theirs is shown what is kept on it, or has it erased. An operator may allow or deny an address or a network for a
            limited time, on appeal without ever seeing it. An emergency roll forgets, at once and for good, whatever was learned about addresses or about networks.
            What was begun and may have been done, because something failed in the middle of it, or could be undone, because too few copies confirmed it, is counted as “perhaps
            done” only. An erasure is repeated then, and counted once more: it mostly meets nothing, for the first try took what there was.</p>

            """);
        if (acts.ErasuresDone + acts.ErasuresNothingHeld == 0)
        {
            html.Add($"""<p>No erasure from {report.Period.From} to {report.Period.To}.</p>""").Add($"\n");
        }
        else
        {
            ColumnChart.Add(
                html,
                "erasures-chart",
                "Erasures by month",
                $"Stacked columns, one for each month from {report.Period.From} to {report.Period.To}. The table that follows has the same figures.",
                figures.Months,
                Series);
        }

        FigureTable.Begin(html, "other", "Erasures and other acts by month.", ["Month"], FigureColumns.Acts.Select(static column => column.Heading));
        foreach (var month in figures.Months)
        {
            html.Add($"""<tr><th scope="row">{month.Month}</th>""");
            FigureTable.Cells(html, FigureColumns.Acts, month.Acts);
            html.Add($"</tr>\n");
        }

        html.Add($"""</tbody><tfoot><tr><th scope="row">Total</th>""");
        FigureTable.Cells(html, FigureColumns.Acts, acts);
        html.Add($"</tr></tfoot></table></div>\n</section>\n");
    }
}
