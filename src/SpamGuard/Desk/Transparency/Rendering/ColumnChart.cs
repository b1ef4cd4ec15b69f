namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>Draws stacked columns, a month each, as SVG.</summary>
/// <remarks>
/// OxyPlot, which the command line draws with, writes its colours into the picture, where no style sheet for dark screens or paper reaches them, knows no
/// title that a screen reader would find, and scales its text with the picture: on a phone nobody could read it. Widths here are shares of the page's, and text
/// keeps its size.
/// </remarks>
internal static class ColumnChart
{
    private const double Height = 250;
    private const double Bottom = 210;
    private const double Top = 18;
    private const double Left = 7; // per cent, for the numbers of the scale
    private const double WidestColumn = 7;
    private const double ColumnShare = .72;
    private const int MostLabels = 12;
    private const double LabelHeight = 17;

    /// <summary>Adds a chart with its legend.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="id">Its name in the page.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="description">The same at more length, for who does not see it.</param>
    /// <param name="months">The months, the earliest first.</param>
    /// <param name="series">What is stacked, from the bottom up.</param>
    public static void Add(HtmlText html, string id, string title, string description, IReadOnlyList<MonthFigures> months, IReadOnlyList<ChartSeries> series)
    {
        var scale = Scale(months.Max(month => series.Sum(one => one.Of(month))));
        html.Add($"""
            <figure>
            <svg height="{Height}" role="img" aria-labelledby="{id}-title {id}-text">
            <title id="{id}-title">{title}</title>
            <desc id="{id}-text">{description}</desc>

            """);
        for (var mark = 0L; mark <= scale.Top; mark += scale.Step)
        {
            var y = Y(mark, scale.Top);
            html.Add($"""<line x1="0" x2="100%" y1="{y}" y2="{y}"/><text x="0" y="{y - 4}">{mark}</text>""");
        }

        html.Add($"\n");
        var slot = (100 - Left) / months.Count;
        var width = Math.Min(slot * ColumnShare, WidestColumn);
        var every = (months.Count + MostLabels - 1) / MostLabels;
        for (var i = 0; i < months.Count; i++)
        {
            var middle = Left + ((i + .5) * slot);
            Column(html, months[i], series, middle - (width / 2), width, scale.Top);
            if (i % every == 0)
            {
                Label(html, months[i].Month, middle, withYear: i == 0 ? months[i].Month.Plus(every).Year == months[i].Month.Year : months[i].Month.Year != months[i - every].Month.Year);
            }
        }

        html.Add($"""
            </svg>
            <figcaption><ul class="legend">

            """)
            .Each(series, static (html, one) => html.Add(
                $"""<li><svg aria-hidden="true" focusable="false"><rect class="{one.Style}" width="100%" height="100%"/></svg>{one.Heading}</li>"""))
            .Add($"""
                </ul></figcaption>
                </figure>

                """);
    }

    private static void Column(HtmlText html, MonthFigures month, IReadOnlyList<ChartSeries> series, double x, double width, long top)
    {
        var below = 0L;
        foreach (var one in series)
        {
            if (one.Of(month) is > 0 and var count)
            {
                var y = Y(below + count, top);
                html.Add($"""<rect class="{one.Style}" x="{x}%" width="{width}%" y="{y}" height="{Y(below, top) - y}"/>""");
                below += count;
            }
        }
    }

    private static void Label(HtmlText html, Month month, double x, bool withYear)
    {
        html.Add($"""<text x="{x}%" y="{Bottom + LabelHeight}" text-anchor="middle">{month.Name}</text>""");
        if (withYear)
        {
            html.Add($"""<text x="{x}%" y="{Bottom + (2 * LabelHeight)}" text-anchor="middle">{month.YearText}</text>""");
        }
    }

    private static double Y(long value, long top) => Bottom - ((Bottom - Top) * value / top);

    /// <summary>A scale of whole numbers that are easy to read, in four steps or a few more.</summary>
    internal static (long Step, long Top) Scale(long most)
    {
        var step = 1L;
        for (var factor = 0; step * 5 < most; factor++)
        {
            step = factor % 3 == 1 ? step / 2 * 5 : step * 2; // 1, 2, 5, 10, 20, 50 ...
        }

        return (step, Math.Max(1, (most + step - 1) / step) * step);
    }
}

/// <summary>What is stacked in a chart.</summary>
/// <param name="Heading">Its name.</param>
/// <param name="Style">The class of its colour.</param>
/// <param name="Of">How many there are of it in a month.</param>
internal sealed record ChartSeries(string Heading, string Style, Func<MonthFigures, long> Of);
