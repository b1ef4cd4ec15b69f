namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>The form that chooses a period: two lists of months and a button.</summary>
internal static class PeriodForm
{
    /// <summary>Adds it.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="span">The months that can be chosen.</param>
    /// <param name="chosen">The months that are.</param>
    public static void Add(HtmlText html, ReportPeriod span, ReportPeriod chosen)
    {
        html.Add($"""
            <form method="get" action="/transparency" aria-label="Period">

            """);
        List(html, "from", "From", span, chosen.From);
        List(html, "to", "To", span, chosen.To);
        html.Add($"""
            <div><button type="submit">Show</button></div>
            <p><a href="/transparency">The last twelve months</a> · <a href="/transparency?period=all">All months since {span.From}</a></p>
            </form>

            """);
    }

    private static void List(HtmlText html, string name, string label, ReportPeriod span, Month chosen) => html
        .Add($"""<div><label for="{name}">{label}</label><select id="{name}" name="{name}">""")
        .Each(span.Months.Reverse(), (html, month) =>
        {
            if (month == chosen)
            {
                html.Add($"""<option value="{month}" selected>{month}</option>""");
            }
            else
            {
                html.Add($"""<option value="{month}">{month}</option>""");
            }
        })
        .Add($"</select></div>\n");
}
