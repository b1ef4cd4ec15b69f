using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace SpamGuard.Cli.Replay;

/// <summary>Draws what a replay found: a reliability diagram, the ROC curve and the precision-recall curve, as SVG.</summary>
internal static class ReplayPlots
{
    private const double Width = 760;
    private const double Height = 660;
    private static readonly OxyColor Quiet = OxyColors.Gray;

    /// <summary>The files, each with what is drawn in it.</summary>
    public static IReadOnlyList<(string File, Func<IReadOnlyList<PlotSeries>, PlotModel> Draw)> All { get; } =
        [("reliability.svg", ReliabilityPlot.Of), ("roc.svg", Roc), ("precision-recall.svg", PrecisionRecall)];

    /// <summary>Makes the folder where it is not there, and tries whether a file can be written in it.</summary>
    /// <exception cref="IOException">It can't.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Prepare(string folder)
    {
        Directory.CreateDirectory(folder);
        using var probe = new FileStream(
            Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
    }

    /// <summary>Writes all plots; files of their names are overwritten.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="all">All rows.</param>
    /// <param name="last">The last share of them.</param>
    /// <param name="lastName">What the last share is called.</param>
    public static void Write(string folder, (ScoreHistogram Scores, DetectionFigures Figures) all, (ScoreHistogram Scores, DetectionFigures Figures) last, string lastName)
    {
        PlotSeries[] series =
        [
            new("all rows", all.Scores, all.Figures, OxyColor.FromRgb(0x1f, 0x5f, 0xa8)),
            new(lastName, last.Scores, last.Figures, OxyColor.FromRgb(0xc8, 0x50, 0x14)),
        ];
        foreach (var (file, draw) in All)
        {
            using var to = File.Create(Path.Combine(folder, file));
            new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true, TextMeasurer = new WideText() }.Export(draw(series), to);
        }
    }

    /// <summary>A plot without series.</summary>
    public static PlotModel Empty(string title, string subtitle)
    {
        var plot = new PlotModel
        {
            Title = title,
            Subtitle = subtitle,
            TitleFontSize = 20,
            TitleFontWeight = FontWeights.Bold,
            SubtitleFontSize = 14,
            DefaultFont = "Arial",
            DefaultFontSize = 14,
            Background = OxyColors.White,
            Culture = CultureInfo.InvariantCulture,
            PlotAreaBorderColor = Quiet,
            Padding = new OxyThickness(16),
        };
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.RightBottom, LegendBackground = OxyColors.White, LegendBorder = Quiet, LegendMargin = 12 });
        return plot;
    }

    /// <summary>An axis of shares.</summary>
    public static LinearAxis Share(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        Minimum = 0,
        Maximum = 1.02, // or what is 1 would be drawn on the frame
        MajorStep = .2,
        MinorStep = .1,
        StringFormat = "0.0",
        AxisTitleDistance = 8,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColor.FromRgb(0xe8, 0xe8, 0xe8),
        IsZoomEnabled = false,
    };

    /// <summary>A dashed line to compare with.</summary>
    public static LineSeries Reference(string title, OxyColor color, DataPoint from, DataPoint to)
    {
        var line = new LineSeries { Title = title, Color = color, LineStyle = LineStyle.Dash, StrokeThickness = 1.5 };
        line.Points.AddRange([from, to]);
        return line;
    }

    /// <summary>A figure of every series, for a subtitle.</summary>
    public static string Figures(string name, IEnumerable<PlotSeries> series, Func<DetectionFigures, double?> figure) =>
        name + ": " + string.Join(", ", series.Select(one => one.Name + " " + (figure(one.Figures)?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "none")));

    private static PlotModel Roc(IReadOnlyList<PlotSeries> series)
    {
        var plot = Empty("ROC curve", Figures("AUC", series, static figures => figures.Auc));
        plot.Axes.Add(Share(AxisPosition.Bottom, "False-positive rate (share of legitimate events)"));
        plot.Axes.Add(Share(AxisPosition.Left, "Recall (share of spam)"));
        plot.Series.Add(Reference("no better than chance", Quiet, new DataPoint(0, 0), new DataPoint(1, 1)));
        foreach (var one in series)
        {
            var curve = DetectionCurve.Of(one.Scores).Select(static point => new DataPoint(point.FalsePositiveRate, point.Recall));
            plot.Series.Add(Line(one, curve.Prepend(new DataPoint(0, 0))));
        }

        return plot;
    }

    private static PlotModel PrecisionRecall(IReadOnlyList<PlotSeries> series)
    {
        var plot = Empty("Precision and recall", Figures("Average precision", series, static figures => figures.AveragePrecision));
        plot.Legends[0].LegendPosition = LegendPosition.LeftBottom;
        plot.Axes.Add(Share(AxisPosition.Bottom, "Recall (share of spam)"));
        plot.Axes.Add(Share(AxisPosition.Left, "Precision (share of spam at or above a threshold)"));
        foreach (var one in series)
        {
            var share = one.Figures.Spam / (double)Math.Max(1, one.Figures.Events);
            plot.Series.Add(Line(one, DetectionCurve.Of(one.Scores).Select(static point => new DataPoint(point.Recall, point.Precision))));
            plot.Series.Add(Reference($"chance, {one.Name}", OxyColor.FromAColor(150, one.Color), new DataPoint(0, share), new DataPoint(1, share)));
        }

        return plot;
    }

    private static LineSeries Line(PlotSeries one, IEnumerable<DataPoint> points)
    {
        var line = new LineSeries { Title = one.Name, Color = one.Color, StrokeThickness = 2 };
        line.Points.AddRange(points);
        return line;
    }
}
