extern alias cli;

using System.Globalization;
using System.Text;
using cli::SpamGuard.Cli.Replay;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Draws what the panels of a dashboard show, each in its place, as one SVG: not as pretty as Grafana does, but of the same queries.</summary>
internal static class DashboardPicture
{
    private const int ColumnWidth = 70;
    private const int RowHeight = 36;

    /// <summary>Asks the queries and writes <c>uid.svg</c>.</summary>
    public static async Task WriteAsync(Dashboard dashboard, PrometheusProcess prometheus, DateTimeOffset from, string folder)
    {
        var to = TimeProvider.System.GetUtcNow();
        var height = dashboard.Panels.Max(static panel => panel.Place.Y + panel.Place.Height) * RowHeight;
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{24 * ColumnWidth}" height="{height}">"""));
        foreach (var panel in dashboard.Panels)
        {
            var series = new List<(string Name, PrometheusSeries Series)>();
            foreach (var query in panel.Queries)
            {
                var expression = LiveDashboardTests.Live(query);
                var answer = query.IsInstant ? await prometheus.InstantAsync(expression) : await prometheus.RangeAsync(expression, from, to);
                series.AddRange(answer.Select(one => (query.NameOf(one.Labels), one)));
            }

            var (x, y, width, rows) = panel.Place;
            var exporter = new SvgExporter { Width = width * ColumnWidth, Height = rows * RowHeight, UseVerticalTextAlignmentWorkaround = true, TextMeasurer = new WideText() };
            var drawn = exporter.ExportToString(panel.Type switch
            {
                "timeseries" => Lines(panel, series),
                "heatmap" => Buckets(panel, series),
                _ => Values(panel, series),
            });
            svg.Append(drawn[drawn.IndexOf("<svg", StringComparison.Ordinal)..]
                .Replace("<svg ", string.Create(CultureInfo.InvariantCulture, $"<svg x=\"{x * ColumnWidth}\" y=\"{y * RowHeight}\" "), StringComparison.Ordinal)
                .Replace("clipPath", string.Create(CultureInfo.InvariantCulture, $"clip{x}_{y}_"), StringComparison.Ordinal)); // the names must differ in all of the picture
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{dashboard.Uid}.svg"), svg.Append("</svg>").ToString());
    }

    private static PlotModel Lines(DashboardPanel panel, List<(string Name, PrometheusSeries Series)> all)
    {
        var plot = Empty(panel);
        plot.Axes.Add(new DateTimeAxis { Position = AxisPosition.Bottom, StringFormat = "HH:mm:ss" });
        plot.Axes.Add(panel.Json.GetRawText().Contains("\"log\"", StringComparison.Ordinal) ? new LogarithmicAxis { Position = AxisPosition.Left } : new LinearAxis { Position = AxisPosition.Left });
        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendFontSize = 10 });
        foreach (var (name, series) in all)
        {
            var line = new LineSeries { Title = name, StrokeThickness = 1.5 };
            line.Points.AddRange(series.Points.Select(static point => new DataPoint(DateTimeAxis.ToDouble(DateTimeOffset.FromUnixTimeSeconds((long)point.Time).UtcDateTime), point.Value)));
            plot.Series.Add(line);
        }

        foreach (var (color, value) in panel.Thresholds.Where(static step => step.Value is not null))
        {
            plot.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = value!.Value, Color = Color(color), LineStyle = LineStyle.Dash });
        }

        return plot;
    }

    // How many there are between the edges, at the end of the time.
    private static PlotModel Buckets(DashboardPanel panel, List<(string Name, PrometheusSeries Series)> all)
    {
        var plot = Empty(panel);
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1 });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0 });
        var bars = new RectangleBarSeries { FillColor = OxyColors.DarkOrange };
        var (left, below) = (0.0, 0.0);
        foreach (var (edge, count) in all.Select(static one => (Edge: one.Name == "+Inf" ? 1 : double.Parse(one.Name, CultureInfo.InvariantCulture), one.Series.Points[^1].Value)).OrderBy(static one => one.Edge))
        {
            bars.Items.Add(new RectangleBarItem(left, 0, edge, count - below));
            (left, below) = (edge, count);
        }

        plot.Series.Add(bars);
        return plot;
    }

    private static PlotModel Values(DashboardPanel panel, List<(string Name, PrometheusSeries Series)> all)
    {
        var plot = Empty(panel);
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1, IsAxisVisible = false });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = -Math.Max(all.Count, 1), Maximum = 0, IsAxisVisible = false });
        foreach (var ((name, series), i) in all.Select(static (one, i) => (one, i)))
        {
            var value = series.Points[^1].Value;
            var text = panel.Texts.GetValueOrDefault(value.ToString(CultureInfo.InvariantCulture)) ?? value.ToString("G5", CultureInfo.InvariantCulture);
            var color = panel.Thresholds.Last(step => step.Value is null || step.Value <= value).Color;
            plot.Annotations.Add(new TextAnnotation
            {
                Text = $"{name} {text}", TextPosition = new DataPoint(.5, -i - .5), TextColor = Color(color), StrokeThickness = 0, TextHorizontalAlignment = HorizontalAlignment.Center, TextVerticalAlignment = VerticalAlignment.Middle,
            });
        }

        return plot;
    }

    private static PlotModel Empty(DashboardPanel panel) => new()
    {
        Title = panel.Title,
        Subtitle = panel.Unit,
        TitleFontSize = 13,
        SubtitleFontSize = 10,
        DefaultFont = "Arial",
        DefaultFontSize = 11,
        Background = OxyColors.White,
        Culture = CultureInfo.InvariantCulture,
    };

    private static OxyColor Color(string name) => name switch
    {
        "red" => OxyColors.Red,
        "orange" => OxyColors.DarkOrange,
        _ => OxyColors.Green,
    };
}
