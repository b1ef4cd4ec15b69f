using OxyPlot;

namespace SpamGuard.Cli.Replay;

/// <summary>Some of the rows, as plots show them.</summary>
/// <param name="Name">What they are, for the legend.</param>
/// <param name="Scores">How they were scored.</param>
/// <param name="Figures">How well.</param>
/// <param name="Color">Their colour.</param>
internal sealed record PlotSeries(string Name, ScoreHistogram Scores, DetectionFigures Figures, OxyColor Color);
