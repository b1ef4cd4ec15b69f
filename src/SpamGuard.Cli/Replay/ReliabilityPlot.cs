using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace SpamGuard.Cli.Replay;

/// <summary>Whether a probability means what it says: of the events that were given about .7, seven of ten should be spam. Below it, how many events there were.</summary>
internal static class ReliabilityPlot
{
    private const string Counts = "counts";
    private const double UpperFrom = .34;
    private const double LowerTo = .26;
    private const double RangeWidth = 1.0 / ScoreHistogram.CalibrationRanges;

    /// <summary>Draws it.</summary>
    public static PlotModel Of(IReadOnlyList<PlotSeries> series)
    {
        var plot = ReplayPlots.Empty("Reliability diagram", ReplayPlots.Figures("AUC", series, static figures => figures.Auc));
        plot.Legends[0].LegendPosition = OxyPlot.Legends.LegendPosition.LeftTop;
        var most = series.SelectMany(one => one.Scores.Calibration).Max(range => range.Events);
        var share = ReplayPlots.Share(AxisPosition.Left, "Share of spam");
        share.StartPosition = UpperFrom;
        plot.Axes.Add(ReplayPlots.Share(AxisPosition.Bottom, "Probability of spam that was answered (mean of each tenth)"));
        plot.Axes.Add(share);
        plot.Axes.Add(new LogarithmicAxis
        {
            Key = Counts,
            Position = AxisPosition.Left,
            Title = "Events",
            EndPosition = LowerTo,
            Minimum = .5,
            Maximum = Math.Max(10, most) * 20,
            StringFormat = "0",
            PowerPadding = false,
            AxisTitleDistance = 8,
        });
        plot.Series.Add(ReplayPlots.Reference("as it should be", OxyColors.Gray, new DataPoint(0, 0), new DataPoint(1, 1)));
        for (var i = 0; i < series.Count; i++)
        {
            plot.Series.Add(Line(series[i]));
            AddCounts(plot, series[i], i / (double)series.Count, 1.0 / series.Count);
        }

        return plot;
    }

    private static LineSeries Line(PlotSeries one)
    {
        var line = new LineSeries
        {
            Title = one.Name, Color = one.Color, StrokeThickness = 2, MarkerType = MarkerType.Circle, MarkerSize = 4, MarkerFill = one.Color,
        };
        line.Points.AddRange(
            one.Scores.Calibration.Where(static range => range.Events > 0)
                .Select(static range => new DataPoint(range.Probabilities / range.Events, range.Spam / (double)range.Events)));
        return line;
    }

    // A bar a range, the series side by side, with its number above it.
    private static void AddCounts(PlotModel plot, PlotSeries one, double from, double width)
    {
        var bars = new RectangleBarSeries { FillColor = one.Color, StrokeThickness = 0, YAxisKey = Counts };
        for (var i = 0; i < one.Scores.Calibration.Count; i++)
        {
            var events = one.Scores.Calibration[i].Events;
            var left = RangeWidth * (i + .06 + (from * .88));
            var right = left + (RangeWidth * width * .88);
            if (events > 0)
            {
                bars.Items.Add(new RectangleBarItem(left, .5, right, events));
            }

            plot.Annotations.Add(new TextAnnotation
            {
                Text = events.ToString(CultureInfo.InvariantCulture),
                TextPosition = new DataPoint((left + right) / 2, 1.4 * Math.Max(.5, events)),
                TextRotation = -90,
                TextHorizontalAlignment = HorizontalAlignment.Left,
                TextVerticalAlignment = VerticalAlignment.Middle,
                FontSize = 11,
                TextColor = one.Color,
                StrokeThickness = 0,
                YAxisKey = Counts,
            });
        }

        plot.Series.Add(bars);
    }
}
